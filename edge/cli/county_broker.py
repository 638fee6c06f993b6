"""`cunyi county broker-config`: a broker's configuration, with a certificate and rights."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app


class BrokerKind(StrEnum):
    """The brokers that we know by heart."""

    NATS = "nats"
    MOSQUITTO = "mosquitto"
    RABBITMQ = "rabbitmq"


@county_app.command("broker-config")
def county_broker_config(
    kind: Annotated[BrokerKind, typer.Argument(help="Which broker.")],
    folder: CountyFolder,
    *,
    out: Annotated[Path, typer.Option(help="Folder to write to; may be written again.")],
    at: Annotated[
        Path | None, typer.Option(help="Where that folder will lie on the broker's machine.")
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option(help="A name or address of the broker's machine: makes a new certificate."),
    ] = None,
    listen: Annotated[str, typer.Option(help="The address that it listens at.")] = "0.0.0.0",  # noqa: S104 - every listener asks for a certificate
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Its port.")] = 8883,
) -> None:
    """Write a broker's configuration.

    TLS, and for each certificate its own topics.
    """
    from edge.tools.broker_config import Wanted, make_broker_folder

    wanted = Wanted(
        kind=kind.value,
        out=out,
        at=at or out.resolve(),
        hosts=host or (),
        listen=listen,
        port=port,
    )
    stations = make_broker_folder(folder, wanted)
    print(f"{out} is ready for {kind.value}. Stations that may connect: {len(stations)}.")
    print("broker.key in it is secret. Read the first lines of the .conf file: how to start it,")
    print("and what to do when stations come or go.")
