"""The same slip by two encoders, ours and receiptline's: on paper the same words stand."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import zxingcpp

from hardware.drivers.printers.receipt_layout import lay_out
from hardware.ports import Block, Qr, Rule, Text
from hardware.twins.printers.escpos_ear import EscposEar
from hardware.twins.printers.print_head import PrintHead, Slip
from tests import golden
from tests.golden import read_golden

GOLDEN: Final = read_golden("receiptline_slip")
DOTS: Final = {"58": 384, "80": 576}
MISSING: Final = 3
TOKEN: Final = "CY1:K7QZ4MBY3TRXWV2HDA5N6CPJEF"
SLIP: Final[tuple[Block, ...]] = (
    Text(text="坪上村驿", scale=2, centred=True, bold=True),
    Text(text=""),
    Text(text="取件小票", centred=True),
    Rule(),
    Text(text="07 号柜", scale=2, centred=True, bold=True),
    Text(text=""),
    Text(text="手机尾号 3865", centred=True),
    Text(text="取件码", centred=True),
    Text(text="4471 9026", scale=3, centred=True, bold=True),
    Qr(data=TOKEN, module_dots=6),
    Text(text="扫二维码，或输尾号和取件码", centred=True),
    Rule(),
    Text(text="圆通 YT7700123456789"),
    Text(text="共“3”件：运费￥12.50元"),
    Text(text="请凭取件码在三日内到坪上村驿站取走您的包裹"),
)


def printed(data: bytes, dots: int) -> tuple[Slip, int]:
    """The one slip, and how much of it the printer did not understand."""
    slips: list[Slip] = []
    ear, head = EscposEar(), PrintHead(dots, slips.append, lambda: None)
    ear.feed(data)
    while (command := ear.take()) is not None:
        head.obey(command)
    (slip,) = slips
    return slip, head.unknown_bytes


def words(slip: Slip) -> list[str]:
    """The lines; a rule is a rule, whatever it is drawn with."""
    return ["---" if set(line) <= {"-", "─"} else line for line in slip.text]


@pytest.mark.parametrize("name", GOLDEN)
def test_both_encoders_print_the_same_lines_and_a_code_that_can_be_scanned(name: str) -> None:
    dots = DOTS[name.rpartition(".")[2]]
    ours, unknown = printed(lay_out(SLIP, dots), dots)
    theirs, unknown_of_theirs = printed(GOLDEN[name], dots)
    assert words(ours) == words(theirs)
    assert "4471 9026" in words(ours)
    assert (unknown, unknown_of_theirs) == (0, 0)
    for slip in (ours, theirs):
        assert [code.text for code in zxingcpp.read_barcodes(slip.image)] == [TOKEN]


@pytest.mark.parametrize("name", [name for name in GOLDEN if name.endswith(".58")])
def test_a_line_that_is_too_long_breaks_at_the_same_letter(name: str) -> None:
    dots = DOTS["58"]
    ours, _ = printed(lay_out(SLIP, dots), dots)
    assert words(ours)[-2:] == words(printed(GOLDEN[name], dots)[0])[-2:]
    assert len(words(ours)[-2]) == 16


@cache
def live() -> dict[str, bytes] | None:
    """What receiptline says here and now; None where there is no node or no receiptline."""
    node = shutil.which("node")
    if node is None:
        return None
    program = Path(golden.__file__).with_name("receiptline_slip.cjs")
    ran = subprocess.run(
        [node, str(program)], capture_output=True, timeout=60, check=False, env=dict(os.environ)
    )
    if ran.returncode == MISSING:
        return None
    assert ran.returncode == 0, ran.stderr.decode()
    lines = [line.split() for line in ran.stdout.decode().splitlines()]
    return {name: bytes.fromhex(data) for name, data in lines}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_bytes_are_what_receiptline_makes_here(name: str) -> None:
    bytes_now = live()
    if bytes_now is None:
        pytest.skip("no node with receiptline here (NODE_PATH)")
    assert bytes_now[name] == GOLDEN[name]
