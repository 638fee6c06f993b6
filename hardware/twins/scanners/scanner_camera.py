"""A camera with its program: a picture that is renewed ten times a second, with a label or without.

The label lies on grey, a little turned and a little grainy, as somebody would hold it.
"""

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image

from edge.kernel.errors import ConfigError
from hardware.twins.faults import Fault, Faults

PICTURE: Final = "frame.jpg"
_SIZE: Final = (640, 480)
_TURNED: Final = 4.0
"""Degrees."""
_GREY: Final = 96
_GRAIN: Final = 24.0
_LONGEST_BAR_CODE: Final = 20
_QUALITY: Final = 80


class PictureCable:
    """A folder with one picture, renewed as long as it is plugged in."""

    def __init__(self, folder: Path, draw: Callable[[], bytes], every_s: float) -> None:
        self._folder = folder
        self._draw = draw
        self._every_s = every_s
        self._lock = threading.Lock()
        self._wanted = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"twin-{folder.name}", daemon=True)

    @property
    def plugged(self) -> bool:
        """Whether pictures come."""
        with self._lock:
            return self._wanted

    def start(self) -> None:
        """Begin. Raises ConfigError where no folder can be made."""
        try:
            self.plug(wanted=True)
        except OSError as cause:
            problem = f"no folder can be made here ({cause.strerror})"
            raise ConfigError(self._folder, "", problem, "Choose another path") from cause
        self._thread.start()

    def plug(self, *, wanted: bool) -> None:
        """Stop the pictures and take the folder away, or bring both back."""
        with self._lock:
            if wanted:
                self._folder.mkdir(parents=True, exist_ok=True)
            elif self._wanted:
                (self._folder / PICTURE).unlink(missing_ok=True)
                self._folder.rmdir()
            self._wanted = wanted

    def close(self) -> None:
        """Stop for good."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self.plug(wanted=False)

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            with self._lock:
                if self._wanted:
                    made = self._folder / f".{PICTURE}"
                    made.write_bytes(self._draw())
                    made.replace(self._folder / PICTURE)


class CameraScannerTwin:
    """Hold a label before it with `scan`: it is in `pictures` pictures, then it is taken away."""

    def __init__(
        self, folder: Path, faults: Faults, pictures: int = 4, every_s: float = 0.1
    ) -> None:
        self._faults = faults
        self._pictures = pictures
        self._lock = threading.Lock()
        self._scanned: list[str] = []
        self._label: Image.Image | None = None
        self._left = 0
        self._table = Image.effect_noise(_SIZE, _GRAIN).point(lambda grey: grey * _GREY // 128)
        self.cable: Final = PictureCable(folder, self._draw, every_s)

    @property
    def scanned(self) -> tuple[str, ...]:
        """Every code that was held before it, oldest first."""
        with self._lock:
            return tuple(self._scanned)

    @property
    def in_sight(self) -> bool:
        """Whether a label is held before it."""
        with self._lock:
            return self._left > 0

    def scan(self, text: str) -> None:
        """Hold up one label: bars for a waybill number, a QR code for what is longer."""
        label = _label(text)
        if self._faults.is_on(Fault.SCANNER_HALF):
            label = label.crop((0, 0, label.width // 2, label.height))
        with self._lock:
            self._scanned.append(text)
            self._label, self._left = label, self._pictures

    def _draw(self) -> bytes:
        with self._lock:
            label = self._label if self._left else None
            self._left = max(0, self._left - 1)
        scene = self._table.copy()
        if label is not None:
            turned = label.rotate(_TURNED, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
            scene.paste(turned, ((_SIZE[0] - turned.width) // 2, (_SIZE[1] - turned.height) // 2))
        data = io.BytesIO()
        scene.save(data, "JPEG", quality=_QUALITY)
        return data.getvalue()


def _label(text: str) -> Image.Image:
    if len(text) > _LONGEST_BAR_CODE or not text.isascii():
        import qrcode

        qr = qrcode.QRCode(box_size=6, border=4)
        qr.add_data(text)
        return qr.make_image().get_image().convert("L")
    import zxingcpp

    bars = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return Image.fromarray(bars.to_image(scale=2, add_quiet_zones=True))
