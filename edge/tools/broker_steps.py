"""What the broker must be told when a station comes, goes or is replaced: one line, or none."""

import shlex
from pathlib import Path
from typing import Final, Literal

from cloud_sync.county.broker_config.plan import EVERYWHERE, PORT
from cloud_sync.county.broker_config.record import Written, read_record
from cloud_sync.county.settings import read_county_settings

Change = Literal["enrolled", "replaced", "revoked"]
_UNKNOWN: Final = (
    "The broker must learn of it: write its files anew with cunyi county broker-config; their "
    "first lines say how it reads them"
)
_NATS: Final = "{command}  and there: nats-server --signal reload=PID"
_RABBITMQ: Final = "{command}  and there: rabbitmqctl import_definitions {at}/definitions.json"
_RABBITMQ_OUT: Final = "rabbitmqctl delete_user {station}"
_MOSQUITTO: Final = "{command}  and there: kill -HUP its PID (a restart ends open connections too)"


def broker_step(folder: Path, station: str, change: Change) -> str:
    """What to do about the broker's files; empty where there is nothing to do. Raises CunyiError.

    A device that was replaced or revoked keeps its certificate until the broker is told.
    """
    written = read_record(folder)
    if written is None:
        # In clear on this machine there are no files, and no certificates.
        tls = read_county_settings(folder).link.broker.startswith("mqtts:")
        return _UNKNOWN if tls else ""
    if written.kind == "rabbitmq" and change == "revoked":
        return _RABBITMQ_OUT.format(station=station)
    if written.kind == "mosquitto" and change == "enrolled":
        return ""
    text = {"nats": _NATS, "rabbitmq": _RABBITMQ}.get(written.kind, _MOSQUITTO)
    return text.format(command=_command(folder, written), at=written.at)


def _command(folder: Path, written: Written) -> str:
    words = ["cunyi", "county", "broker-config", written.kind, str(folder), "--out", written.out]
    if written.at != written.out:
        words += ["--at", written.at]
    if written.listen != EVERYWHERE:
        words += ["--listen", written.listen]
    if written.port != PORT:
        words += ["--port", str(written.port)]
    return shlex.join(words)
