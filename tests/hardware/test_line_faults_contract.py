"""What every driver on a line must hold to, whatever is wrong with the line."""

from pathlib import Path
from typing import Final

import pytest

from hardware.twins.faults import MENU, Device, LineFault
from tests.hardware.line_rigs import RIGS, rigged

pytestmark = pytest.mark.anyio
AT_ONCE: Final = {LineFault.UNPLUGGED, LineFault.RENUMBERED}
QUICK: Final = {"line", "escpos"}
"""The others have to wait until a driver has lost patience."""


def _case(name: str, line: LineFault) -> object:
    marks = () if line in AT_ONCE or name in QUICK else (pytest.mark.slow,)
    return pytest.param(name, line, marks=marks, id=f"{name}-{line}")


@pytest.mark.parametrize(
    ("name", "line"),
    [_case(name, line) for name, rig in RIGS.items() for line in rig.faults_of_line()],
)
async def test_nothing_false_is_told_silence_is_noticed_and_mended_it_works(
    tmp_path: Path, name: str, line: LineFault
) -> None:
    async with rigged(tmp_path, name) as rig:
        await rig.use(1)
        await rig.until(lambda: rig.served(1))
        rig.break_line(line)
        await rig.use_broken()
        if line in rig.unheard:
            await rig.until(lambda: not rig.present or rig.driver.health().note != "")
        rig.faults.mend_all()
        await rig.recover()
        await rig.use(3)
        await rig.until(lambda: rig.served(3))
        assert rig.false_reports() == []
        replugged = line in {LineFault.UNPLUGGED, LineFault.RENUMBERED}
        assert rig.driver.health().reconnects == int(replugged)


def test_every_device_that_speaks_on_a_line_is_in_the_contract() -> None:
    speaking = {kind.device for kind in MENU if kind.line is LineFault.SILENT}
    assert {rig.device for rig in RIGS.values()} == speaking
    assert Device.SCANNER in speaking
