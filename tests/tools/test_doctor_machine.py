"""`cunyi doctor` on machines that are built in a folder: each trap is seen, none is invented."""

from pathlib import Path
from typing import Any

import pytest

from edge.tools.doctor import Finding, Grade, examine
from edge.tools.doctor.disk import look_at_disk
from edge.tools.this_machine import Machine, kernel_clock_in_step
from edge.words import WORDS
from tests.architecture.tree import ROOT
from tests.tools.fake_machine import FakeMachine, ext4


@pytest.fixture
def fake(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "root")


def of(fake: FakeMachine, name: str) -> Finding | None:
    findings = {finding.id: finding for finding in examine(None, fake.machine)}
    return findings.get(name)


def grade(fake: FakeMachine, name: str) -> tuple[Grade, str]:
    finding = of(fake, name)
    assert finding is not None, name
    return finding.grade, finding.case


def on_disk(fake: FakeMachine, *lines: str) -> list[tuple[Grade, str]]:
    """What is said of the file system under /usr, which is there everywhere."""
    fake.mounts(*lines)
    found = look_at_disk(fake.machine, Path("/usr"))
    return [(one.grade, one.case) for one in found if one.check == "file-system"]


def test_a_bare_machine_is_looked_over_without_an_error(fake: FakeMachine) -> None:
    findings = {finding.id: finding for finding in examine(None, fake.machine)}
    assert {f.grade for f in findings.values()} <= {Grade.OK, Grade.WARN}
    assert "heat" not in findings  # what this machine does not have is not invented


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([ext4("/")], [(Grade.OK, "ok")]),
        ([ext4("/", kind="vfat")], [(Grade.BAD, "unsafe")]),
        ([ext4("/", kind="nfs4")], [(Grade.BAD, "unsafe")]),
        ([ext4("/"), ext4("/usr", kind="tmpfs")], [(Grade.BAD, "memory")]),
        ([ext4("/usr", kind="tmpfs"), ext4("/usr")], [(Grade.OK, "ok")]),
        ([ext4("/"), ext4("/usrfoo", kind="vfat")], [(Grade.OK, "ok")]),
        ([ext4("/", kind="overlay")], [(Grade.WARN, "overlay")]),
        (
            [
                ext4("/", kind="overlay", more="rw,upperdir=/mnt/root-rw/overlay"),
                ext4("/mnt/root-rw", kind="tmpfs"),
            ],
            [(Grade.BAD, "overlay_in_memory")],
        ),
        ([ext4("/", more="rw,nobarrier")], [(Grade.BAD, "careless")]),
        ([ext4("/", more="rw,data=writeback")], [(Grade.BAD, "careless")]),
        ([ext4("/", options="ro,noatime")], [(Grade.BAD, "read_only")]),
        ([ext4("/", options="ro"), ext4("/usr")], [(Grade.OK, "ok")]),
        (["broken line"], []),
    ],
)
def test_a_file_system_that_loses_data_is_seen_in_the_mount_table(
    fake: FakeMachine, lines: list[str], found: list[tuple[Grade, str]]
) -> None:
    assert on_disk(fake, *lines) == found


def test_a_mount_point_with_a_blank_in_its_name_is_read(fake: FakeMachine) -> None:
    fake.mounts(ext4("/"), ext4("/my\\040disk", kind="exfat"))
    mount = fake.machine.mount_of(Path("/my disk/station"))
    assert mount is not None
    assert mount.kind == "exfat"


@pytest.mark.parametrize(
    ("life", "eol", "found"),
    [
        ("0x01 0x01", "0x01", (Grade.OK, "ok")),
        ("0x02 0x09", "0x01", (Grade.WARN, "worn")),
        ("0x0b 0x02", "0x01", (Grade.BAD, "worn_out")),
        ("0x02 0x02", "0x03", (Grade.BAD, "worn_out")),
        ("", "", (Grade.OK, "untold")),
    ],
)
def test_the_wear_of_a_memory_chip_is_told(
    fake: FakeMachine, life: str, eol: str, found: tuple[Grade, str]
) -> None:
    fake.file("/sys/block/mmcblk0/device/life_time", life)
    fake.file("/sys/block/mmcblk0/device/pre_eol_info", eol)
    fake.file("/sys/block/mmcblk0boot0/device/life_time", "0x0b 0x0b")
    assert grade(fake, "disk-wear.mmcblk0") == found
    assert of(fake, "disk-wear.mmcblk0boot0") is None


@pytest.mark.parametrize(
    ("in_step", "found"),
    [(True, (Grade.OK, "ok")), (False, (Grade.WARN, "alone")), (None, (Grade.OK, "unknown"))],
)
def test_a_clock_that_nobody_keeps_is_warned_of(
    fake: FakeMachine, *, in_step: bool | None, found: tuple[Grade, str]
) -> None:
    fake.in_step = in_step
    assert grade(fake, "clock-in-step") == found


def test_the_kernel_says_whether_its_clock_is_kept() -> None:
    assert kernel_clock_in_step() in {True, False, None}


def test_a_clock_with_a_battery_is_named(fake: FakeMachine) -> None:
    assert grade(fake, "rtc") == (Grade.WARN, "missing")
    fake.file("/sys/class/rtc/rtc0/name", "rtc-ds1307 1-0068\n")
    finding = of(fake, "rtc")
    assert finding is not None
    assert finding.found() == "rtc-ds1307 1-0068"


@pytest.mark.parametrize(
    ("free_kb", "found"),
    [
        (20_000, (Grade.BAD, "too_little")),
        (80_000, (Grade.WARN, "little")),
        (500_000, (Grade.OK, "ok")),
    ],
)
def test_little_memory_is_told_in_time(
    fake: FakeMachine, free_kb: int, found: tuple[Grade, str]
) -> None:
    fake.file("/proc/meminfo", f"MemTotal: 948304 kB\nMemAvailable: {free_kb} kB\nHugePages: 0\n")
    assert grade(fake, "memory") == found


def test_the_hottest_zone_counts(fake: FakeMachine) -> None:
    fake.file("/sys/class/thermal/thermal_zone0/temp", "54321\n")
    assert grade(fake, "heat") == (Grade.OK, "ok")
    fake.file("/sys/class/thermal/thermal_zone1/temp", "81000\n")
    assert grade(fake, "heat") == (Grade.WARN, "hot")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("throttled=0x0", (Grade.OK, "ok")),
        ("throttled=0x50005", (Grade.WARN, "weak")),
        ("throttled=0x10000", (Grade.WARN, "weak")),
        ("throttled=0x80008", (Grade.WARN, "slowed")),
    ],
)
def test_a_weak_supply_of_a_pi_is_told(
    fake: FakeMachine, said: str, found: tuple[Grade, str]
) -> None:
    fake.said["vcgencmd"] = f"{said}\n"
    assert grade(fake, "supply") == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (None, (Grade.OK, "no_systemd")),
        ("", (Grade.WARN, "missing")),
        ("cunyi-station.service disabled enabled\n", (Grade.WARN, "disabled")),
        ("cunyi-station.service enabled enabled\n", (Grade.OK, "ok")),
    ],
)
def test_a_station_that_would_not_start_after_a_power_cut_is_warned_of(
    fake: FakeMachine, said: str | None, found: tuple[Grade, str]
) -> None:
    if said is not None:
        fake.said["systemctl"] = said
    assert grade(fake, "units") == found


def test_sound_cards_are_named(fake: FakeMachine) -> None:
    assert grade(fake, "sound") == (Grade.WARN, "missing")
    fake.file(
        "/proc/asound/cards",
        " 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n                      x\n",
    )
    finding = of(fake, "sound")
    assert finding is not None
    assert finding.found() == "Headphones"


def test_a_command_that_is_not_there_or_fails_says_nothing() -> None:
    machine = Machine()
    assert machine.hear(["cunyi-no-such-command"]) is None
    assert machine.hear(["false"]) is None
    assert machine.hear(["echo", "well"]) == "well\n"


def test_every_sentence_of_the_doctor_is_used_and_none_is_missing() -> None:
    code = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "edge/tools/doctor").glob("*.py")
    )
    unused = [
        key
        for key in WORDS
        if key.startswith("doctor.") and not key.startswith(("doctor.name.", "doctor.grade."))
        for check, case in [[*key.split("."), ""][1:3]]
        if case and not (f'"{check}"' in code and (case == "ok" or f'"{case}"' in code))
    ]
    assert unused == []


def test_every_check_has_a_name(fake: FakeMachine) -> None:
    findings: list[Any] = list(examine(None, fake.machine))
    assert all(finding.name("zh") and finding.name("en") for finding in findings)
