"""`cunyi station enrol`: make this station known to its county."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.arguments import StationFolder
from edge.cli.station import station_app
from edge.kernel.errors import ConfigError


@station_app.command("enrol")
def station_enrol(
    folder: StationFolder,
    *,
    county: Annotated[
        str, typer.Option("--county", help="Address of the county's pages: https://HOST:PORT.")
    ] = "",
    code: Annotated[
        str, typer.Option(help="The code that the county gave: XXXX-XXXX-XXXX-XXXX.")
    ] = "",
    request: Annotated[
        Path | None, typer.Option(help="Write a request to this file, to carry it there.")
    ] = None,
    answer: Annotated[
        Path | None, typer.Option(help="Take the county's answer from this file.")
    ] = None,
) -> None:
    """Enrol this station at its county, with a code that is good once.

    With --code it is the county's. Without, the code is made here, printed, and typed there.
    """
    ways = [bool(county), request is not None, answer is not None]
    if ways.count(True) != 1 or (code and not county):
        problem = "say one way: --county, --request or --answer"
        fix = f"Run: cunyi station enrol {folder} --county https://HOST:PORT --code CODE"
        raise ConfigError("command line", "", problem, fix)
    if request is not None:
        _ask_by_file(folder, request)
    elif answer is not None:
        _take_answer(folder, answer)
    else:
        _ask(folder, county, code)


def _ask(folder: Path, url: str, code: str) -> None:
    from cloud_sync.station.enrolment.county_pages import checked_url
    from cloud_sync.wire.trust.enrolment import EnrolmentCode
    from edge.settings import read_settings
    from edge.tools import enrol

    if code:
        _say_done(folder, enrol.end_of(enrol.enrol_by_known_code(folder, url, code)))
        return
    checked_url(url)
    settings, errand = read_settings(folder), enrol.begin(folder)
    own = EnrolmentCode.read(errand.code)
    _show(own.text)
    if trouble := enrol.print_code(folder, settings, own):
        print(f"(Not printed: {trouble}.)")
    print("At the county type, within 15 minutes:")
    print(f"    cunyi county enrol {settings.station_id} FOLDER --code {own.text}")
    enrolment = enrol.enrol_by_own_code(folder, url, errand, lambda news: print(news, flush=True))
    _say_done(folder, enrol.end_of(enrolment))


def _ask_by_file(folder: Path, file: Path) -> None:
    from edge.settings import read_settings
    from edge.tools import enrol

    code = enrol.write_request(folder, file)
    station = read_settings(folder).station_id
    _show(code.text)
    print(f"Carry {file} to the county, and type there:")
    print(f"    cunyi county enrol {station} FOLDER --request REQUEST --answer ANSWER \\")
    print(f"        --code {code.text}")
    print(f"Carry the answer back, then: cunyi station enrol {folder} --answer ANSWER")


def _take_answer(folder: Path, file: Path) -> None:
    from edge.tools import enrol

    _say_done(folder, enrol.end_of(enrol.take_answer(folder, file)))


def _show(code: str) -> None:
    import qrcode

    print(f"Code: {code}", flush=True)
    picture = qrcode.QRCode(border=2)
    picture.add_data(code)
    picture.print_ascii(invert=True)


def _say_done(folder: Path, end: str) -> None:
    print(f"This station is enrolled; its certificate lasts until {end} and renews itself.")
    print(f"A running station connects by itself; else run: cunyi station run {folder}")
