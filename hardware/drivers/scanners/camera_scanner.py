"""A camera in place of a scanner: reads the pictures that a camera program keeps renewing.

The program (rpicam-still, ffmpeg) is a service of its own, docs/devices/scanners.md. A code counts
when two pictures show it, and once as long as it stays in sight.
"""

import io
import time
from collections.abc import Callable, Iterator
from typing import Final

from firmware_bridge.scanner.codes import BadCode, Blemish, Code, read_code
from firmware_bridge.scanner.sightings import Sightings
from hardware.byte_channel import ByteChannel
from hardware.drivers.scanners.picture_port import open_picture_port
from hardware.drivers.scanners.scan_thread import ScanThread
from hardware.options import ScannerOptions
from hardware.ports import DeviceHealth, Scanner

DARK_S: Final = 5.0
"""A camera program renews its picture several times a second; after so long it has ended."""
PICTURES: Final = ("JPEG", "PNG", "BMP", "PPM")
MOST_PIXELS: Final = 16_000_000
"""Pictures are unpacked in memory: 16 MB in grey."""


class CameraScanner:
    """Implements Scanner."""

    def __init__(self, options: ScannerOptions) -> None:
        self._repeat_s = options.repeat_ms / 1_000
        self._thread = ScanThread(options, lambda: open_picture_port(options.port))

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin reading; the driver's thread calls `on_code`."""
        self._thread.begin_scanning(on_code, self._serve)

    def health(self) -> DeviceHealth:
        """Present while new pictures come; those that are none count as bad frames."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop reading."""
        await self._thread.end()

    def _serve(self, channel: ByteChannel) -> None:
        sightings = Sightings(self._repeat_s)
        self._lit(on=False)
        while not self._thread.stopping:
            if picture := channel.read(DARK_S):
                now_s = time.monotonic()
                self._lit(on=True)
                self._thread.hand_on(_scans(picture, sightings, now_s), now_s)
            else:
                self._lit(on=False)

    def _lit(self, *, on: bool) -> None:
        if on:
            self._thread.answered()
        else:
            self._thread.silent(noisy=False)


def _scans(picture: bytes, sightings: Sightings, now_s: float) -> Iterator[Code | BadCode]:
    texts = _read(picture)
    if texts is None:
        yield BadCode(Blemish.GARBLED)
        return
    for seen in sightings.picture(texts, now_s):
        yield read_code(seen.text.encode())


def _read(picture: bytes) -> list[str] | None:
    """The codes in a picture; None when it is none, is cut short or is too large."""
    import zxingcpp
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(picture), formats=PICTURES)
        if image.width * image.height > MOST_PIXELS:
            return None
        grey = image.convert("L")
    except Exception:  # noqa: BLE001 - Pillow's decoders raise whatever a torn picture makes them
        return None
    kinds = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]
    wanted = zxingcpp.BarcodeFormats(kinds)
    found = zxingcpp.read_barcodes(grey, formats=wanted, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found]


def _conforms(driver: CameraScanner) -> Scanner:
    return driver  # mypy stops here first if the port moves
