"""What every table of station.toml has in common."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DriverTable(Strict):
    """A device: every kind names its driver."""

    driver: str
