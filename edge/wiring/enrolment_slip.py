"""A slip with a one-time code for the enrolment, in both languages: nobody is signed in yet."""

import asyncio
from typing import Final

from edge.kernel.errors import DeviceGone
from edge.settings import Settings
from edge.wiring.devices import make_printer
from edge.words import LANGUAGES, say
from hardware.ports import Block, PaperState, Qr, Rule, Text

PRINT_WITHIN_S: Final = 20.0
_AGAIN_S: Final = 0.2


def lay_out_enrolment_slip(station_name: str, station: str, code: str) -> tuple[Block, ...]:
    """The code in large letters, as a QR code, and what to do with it."""

    def both(key: str) -> list[Block]:
        return [Text(text=say(key, language, station=station)) for language in LANGUAGES]

    titles = " ".join(say("slip.enrol", language) for language in LANGUAGES)
    first, second = code[: len(code) // 2].strip("-"), code[len(code) // 2 :].strip("-")
    return (
        Text(text=station_name, scale=2, centred=True, bold=True),
        Text(text=""),
        Text(text=titles, centred=True),
        Text(text=first, scale=2, centred=True, bold=True),
        Text(text=second, scale=2, centred=True, bold=True),
        Text(text=""),
        Qr(data=code, module_dots=7),
        Rule(),
        *both("slip.enrol_how"),
        *both("slip.enrol_once"),
    )


async def print_enrolment_slip(settings: Settings, code: str) -> None:
    """Print it; the station must not run. Raises DeviceGone or DeviceJammed."""
    blocks = lay_out_enrolment_slip(settings.station.name, settings.station_id, code)
    printer = make_printer(settings)
    try:
        async with asyncio.timeout(PRINT_WITHIN_S):
            # Its port is opened in the driver's own thread, a moment after it was made.
            while await printer.paper() is PaperState.UNKNOWN:
                if printer.health().present:
                    break  # it prints and cannot tell
                await asyncio.sleep(_AGAIN_S)
            await printer.print_document(blocks)
    except TimeoutError as cause:
        raise DeviceGone("the printer does not answer") from cause
    finally:
        await printer.aclose()
