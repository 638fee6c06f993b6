"""county.toml: strict, frozen, checked before anything opens. A typo stops the start."""

import json
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from cloud_sync.wire.broker.broker_address import read_broker_address
from cloud_sync.wire.trust.web_hosts import certified_hosts, checked_listener, checked_names
from edge.kernel.errors import ConfigError
from edge.kernel.ids import STATION_ID, CountyId

FILE_NAME: Final = "county.toml"
_Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$")]
_Dial = Annotated[str, Field(pattern=r"^([0-9][0-9 -]{1,18}[0-9])?$")]
"""A number as people write it, or empty for none."""
_Name = Annotated[str, Field(min_length=1, max_length=40)]

TEMPLATE: Final = """\
# A county center. Every key is checked at start; an unknown key stops it.

[county]
id = {county}
name = {name}
# phone = "0797-8520000"  # the county's desk, for complaints: on addressees' own pages

[web]
host = "127.0.0.1"      # or this machine's address in your network: stations enrol there
port = {web_port}

[link]
broker = {broker}
# mqtt = "5"            # "3.1.1" if left out; both do the same here
# share = true          # with workers = 2 to 16: shared subscriptions, where the broker has them
# workers = 3

[durable]
# A station may forget a fact only once it is durable here. With "backups" that is when it lies in
# verified backups at so many places: losing this disk then loses nothing. While there are fewer
# places below, stations keep everything. "commit" trusts this one disk: for demonstrations.
rule = {durable_rule}
copies = 2

[backup]
# Each folder on a disk of its own, e.g. ["/media/backup-1/county", "/media/backup-2/county"].
# They must be there already: a stick that was pulled must not be taken for a folder of this disk.
# The keys (identity.key, ca/) are not in them. Without keys a lost disk means enrolling every
# station anew: run `cunyi county export-keys` once, and after each rotate-key, for a safe.
to = []
every_hours = 6
keep = 10

[notices]
# Who carries messages to villagers: the address of a gateway, "" for nobody. Where phones reach /m/
# of this county (docs/recipients.md), e.g. "https://bao.example". What comes for one person within
# `gather_s` is one message. Nobody is woken in the quiet hours; the same time twice: never quiet.
{notices}

# The name that the page shows for a station. `cunyi county enrol` lets it in.
# [[stations]]
# id = "pingshang"
# name = "坪上村站"
# hours = "8:00-18:30"     # on addressees' own pages, with the number to call
# phone = "0797-8521234"
"""


_NOTICES: Final = """\
gateway = ""
pages = ""
gather_s = 600
quiet = ["21:00", "08:00"]"""


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CountyTable(Strict):
    """Which county this is. `id` names its topics and never changes."""

    id: _Id
    name: _Name
    phone: _Dial = ""
    """Whom addressees call about a complaint."""


class WebTable(Strict):
    """Where the pages are served: an address beside loopback is served over TLS alone.

    `hosts` are the names that others know this machine by; they stand in its certificate.
    """

    host: Annotated[str, AfterValidator(checked_listener)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8602
    hosts: Annotated[tuple[str, ...], AfterValidator(checked_names)] = ()


class LinkTable(Strict):
    """The broker that the stations use too, and how many connections take turns at it."""

    broker: Annotated[str, Field(pattern=r"^mqtts?://[^/\s]+:\d{1,5}$")]
    mqtt: Literal["3.1.1", "5"] = "3.1.1"
    workers: Annotated[int, Field(ge=1, le=16)] = 1
    share: bool = False

    @model_validator(mode="after")
    def _workers_share(self) -> Self:
        if self.workers > 1 and not self.share:
            raise ValueError(
                f"workers = {self.workers} needs share = true: else each takes every message"
            )
        return self


class DurableTable(Strict):
    """When a fact is safe enough for its station to forget it."""

    rule: Literal["commit", "backups"] = "backups"
    copies: Annotated[int, Field(ge=2, le=5)] = 2


class BackupTable(Strict):
    """Where the database is copied to by itself; see `cunyi county backup` for once."""

    to: tuple[Annotated[str, Field(pattern=r"^/.{1,390}$")], ...] = ()
    every_hours: Annotated[int, Field(ge=1, le=168)] = 6
    keep: Annotated[int, Field(ge=2, le=1_000)] = 10


_ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_Address = Annotated[str, Field(pattern=r"^(https?://[^/\s]+)?$")]


class NoticesTable(Strict):
    """Who carries notices, and at which hours. Without a gateway nobody is told anything."""

    gateway: _Address = ""
    pages: _Address = ""
    gather_s: Annotated[int, Field(ge=0, le=3_600)] = 600
    quiet: tuple[_ClockTime, _ClockTime] = ("21:00", "08:00")


class StationTable(Strict):
    """A station that belongs to this county and the name that people know it by.

    `hours` and `phone` stand on the pages of whoever has a parcel there.
    """

    id: _Id
    name: _Name
    hours: Annotated[str, Field(max_length=60)] = ""
    phone: _Dial = ""


class CountyFile(Strict):
    """The whole of county.toml."""

    county: CountyTable
    web: WebTable = WebTable()
    link: LinkTable
    durable: DurableTable = DurableTable()
    backup: BackupTable = BackupTable()
    notices: NoticesTable = NoticesTable()
    stations: tuple[StationTable, ...] = ()

    @model_validator(mode="after")
    def _each_station_once(self) -> Self:
        ids = [station.id for station in self.stations]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"stations {twice} stand here more than once")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class CountySettings:
    """A county's data folder and what its file says."""

    folder: Path
    county: CountyTable
    web: WebTable
    link: LinkTable
    stations: tuple[StationTable, ...]
    durable: DurableTable
    backup: BackupTable
    notices: NoticesTable

    @property
    def county_id(self) -> CountyId:
        """The county's identity."""
        return CountyId(self.county.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCounty:
    """What must be known of a county before it can be set up."""

    county: str
    name: str
    broker: str
    web_port: int
    durable_rule: Literal["commit", "backups"] = "backups"
    notices: str = ""
    """Lines of [notices]; the usual ones where empty."""


def make_county(folder: Path, wanted: NewCounty) -> Path:
    """Make the folder; returns the path of county.toml. Raises ConfigError, StoreError."""
    from cloud_sync.county.database import Database
    from cloud_sync.county.identity.own_keys import OwnKeys

    file = folder / FILE_NAME
    if file.exists():
        raise ConfigError(file, "", "there is a county here already", "Choose another folder")
    if not STATION_ID.fullmatch(wanted.county):
        fix = "Use 3 to 32 lower-case letters, digits and dashes"
        raise ConfigError("command line", "--id", f"{wanted.county!r} is no identifier", fix)
    # Waybills and phone tails lie here: the owner's business alone.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text(_fill(wanted), encoding="utf-8")
    try:
        read = read_county_settings(folder)
        Database.create(folder, CountyId(wanted.county))
        hosts = certified_hosts(read.web.host, read.web.hosts)
        OwnKeys.create(folder, CountyId(wanted.county), hosts, time.time_ns() // 1_000_000)
    except BaseException:
        file.unlink()
        raise
    return file


def _fill(wanted: NewCounty) -> str:
    # A JSON string is a TOML basic string, quotes and backslashes included.
    return TEMPLATE.format(
        county=json.dumps(wanted.county),
        name=json.dumps(wanted.name, ensure_ascii=False),
        broker=json.dumps(wanted.broker),
        web_port=wanted.web_port,
        durable_rule=json.dumps(wanted.durable_rule),
        notices=wanted.notices or _NOTICES,
    )


def read_county_settings(folder: Path) -> CountySettings:
    """Read folder/county.toml. Raises ConfigError naming file, key and fix."""
    file = folder / FILE_NAME
    try:
        # Strict mode takes a JSON list for a tuple, as TOML has no tuples.
        table = json.dumps(tomllib.loads(file.read_text(encoding="utf-8")), default=str)
    except FileNotFoundError as cause:
        fix = f"Run: cunyi county init {folder}"
        raise ConfigError(file, "", "there is no county here", fix) from cause
    except OSError as cause:
        problem = f"cannot be read ({cause.strerror})"
        raise ConfigError(file, "", problem, "Let the user that cunyi runs as read it") from cause
    except (ValueError, RecursionError) as cause:  # no UTF-8, a number too long, lists too deep
        raise ConfigError(file, "", f"not valid TOML ({cause})", "Mend that line") from cause
    try:
        read = CountyFile.model_validate_json(table)
    except ValidationError as cause:
        # A misspelt name is both unknown and missing: the unknown one says where to look.
        errors = cause.errors(include_url=False)
        first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(file, key, *_explain(first["type"], first["msg"])) from cause
    read_broker_address(read.link.broker, file)
    return CountySettings(
        folder=folder,
        county=read.county,
        web=read.web,
        link=read.link,
        stations=read.stations,
        durable=read.durable,
        backup=read.backup,
        notices=read.notices,
    )


def _explain(kind: str, message: str) -> tuple[str, str]:
    if kind == "extra_forbidden":
        return (
            "unknown key",
            "Remove it or correct its spelling; `cunyi county init` writes every key",
        )
    if kind == "missing":
        return "this key is missing", "Add it; `cunyi county init` writes a complete example"
    return message, "Change this value"
