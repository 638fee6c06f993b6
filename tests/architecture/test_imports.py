"""Who may import whom: the contracts hold, and each of them would notice being broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

from tests.architecture.tree import PACKAGES, ROOT

LINT_IMPORTS: Final = Path(sys.executable).parent / "lint-imports"

PLANTED: Final = {
    "floors": ("firmware_bridge/planted.py", "import edge.domain.policy\n"),
    "rooms": ("edge/planted.py", "SECRET_ROOM = True\n"),
    "pure-core": ("edge/domain/planted.py", "import time\n"),
    "twins-and-drivers": ("hardware/twins/planted.py", "import hardware.drivers\n"),
    "who-knows-drivers": ("edge/daemon/planted_driver.py", "import hardware.drivers\n"),
    "who-knows-twins": ("edge/daemon/planted_twin.py", "import hardware.twins\n"),
    "ports-only": ("edge/web/planted.py", "import hardware.catalogue\n"),
    "station-and-county": ("cloud_sync/county/planted.py", "import cloud_sync.station.ports\n"),
    "cloud-and-hardware": ("cloud_sync/wire/planted.py", "import hardware.ports\n"),
    "no-sqlalchemy-at-the-edge": ("edge/store/planted.py", "import sqlalchemy\n"),
}
"""For each contract a file that breaks it and should be noticed."""


def test_the_import_contracts_hold(tmp_path: Path) -> None:
    done = _lint(ROOT, tmp_path / "cache")
    assert done.returncode == 0, done.stdout


def test_each_contract_notices_when_it_is_broken(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for package in PACKAGES:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, house / package, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", house)
    contracts = tomllib.loads((house / "pyproject.toml").read_text(encoding="utf-8"))
    names = {one["id"]: one["name"] for one in contracts["tool"]["importlinter"]["contracts"]}
    assert names.keys() == PLANTED.keys()  # a new contract needs a violation here
    for file, text in PLANTED.values():
        (house / file).write_text(text, encoding="utf-8")
    done = _lint(house, tmp_path / "cache")
    assert done.returncode == 1, done.stdout
    kept = [name for name in names.values() if f"{name} KEPT" in done.stdout]
    broken = [name for name in names.values() if f"{name} BROKEN" in done.stdout]
    assert (kept, sorted(broken)) == ([], sorted(names.values()))


def _lint(folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--cache-dir", cache],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
