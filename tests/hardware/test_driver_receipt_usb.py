"""Printers on USB: found, opened, shared with the kernel, and every way in which that fails."""

import asyncio
import errno
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone
from edge.words import WORDS
from hardware.byte_channel import PortGone, open_channel
from hardware.drivers.printers.escpos_printer import EscposPrinter
from hardware.options import PrinterOptions
from hardware.ports import PaperState, Qr, Text
from hardware.twins.bench import Bench
from hardware.twins.faults import Device, Fault
from tests.hardware.usb_peer import BULK, INTERRUPT, Face, UsbPeer, UsbThing

PORT = "usb:0416:5011"
Plug = Callable[..., None]


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Put things on the bus."""

    def put(*things: UsbThing, drivers: bool = True) -> None:
        peer = UsbPeer(*things, drivers=drivers)
        monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda: peer)

    return put


@pytest.mark.anyio
async def test_a_slip_goes_out_over_usb_and_the_printer_tells_of_its_paper(
    plug: Plug, tmp_path: Path
) -> None:
    with Bench(tmp_path) as bench:
        thing = UsbThing(link=tmp_path / Device.PRINTER, usblp=True)
        plug(thing)
        printer = EscposPrinter(PrinterOptions(name="printer", port=PORT, baud=9_600, dots=384))
        await printer.print_document((Text(text="取件"), Qr(data="K7QX" * 8)))
        bench.faults.switch(Fault.PAPER_OUT, on=True)
        assert await printer.paper() is PaperState.OUT
        assert (printer.health().present, printer.health().simulated) == (True, False)
        await printer.aclose()
        assert bench.printer.slips[0].text == ("取件",)
    assert [word for word in thing.log if word not in {"read", "write"}] == [
        "open",
        "detach 0",
        "claim 0",
        "release 0",
        "attach 0",
        "close",
    ]


@pytest.mark.parametrize(
    ("port", "things", "note", "says"),
    [
        (PORT, [], "device.missing", "not plugged in"),
        (PORT, [UsbThing(product=1)], "device.missing", "not plugged in"),
        (f"{PORT}@1-2", [UsbThing()], "device.missing", "not plugged in"),
        (PORT, [UsbThing(), UsbThing(ports=(2,))], "device.several", "5011@1-1.3, .*5011@1-2"),
        ("usb:printer", [], "device.missing", "usb:VENDOR:PRODUCT"),
        (PORT, [UsbThing(faces=(Face(3, ((0x81, INTERRUPT),)),))], "device.missing", "no printer"),
        (PORT, [UsbThing(fails={"open": errno.EACCES})], "device.no_permission", "udev"),
        (PORT, [UsbThing(fails={"claim 0": errno.EBUSY})], "device.busy", "usblp"),
        (PORT, [UsbThing(fails={"claim 0": errno.ENODEV})], "device.missing", "No such device"),
        (
            PORT,
            [UsbThing(usblp=True, fails={"detach 0": errno.EACCES})],
            "device.no_permission",
            "udev",
        ),
        (
            PORT,
            [UsbThing(usblp=True, fails={"detach 0": errno.EIO})],
            "device.busy",
            "/dev/usb/lp0",
        ),
    ],
)
def test_a_printer_that_cannot_be_had_says_why(
    plug: Plug, port: str, things: list[UsbThing], note: str, says: str
) -> None:
    plug(*things)
    with pytest.raises(PortGone, match=says) as failure:
        open_channel(port, 9_600)
    assert failure.value.note == note
    assert note in WORDS
    assert all(thing.log[-1:] in ([], ["close"], ["open"]) for thing in things)


def test_without_libusb_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libusb1", "libusb0", "openusb"):
        monkeypatch.setattr(f"usb.backend.{name}.get_backend", lambda: None)
    monkeypatch.setattr("hardware.usb_port.find_library", lambda _: None)
    with pytest.raises(PortGone, match=r"libusb-1\.0-0") as failure:
        open_channel(PORT, 9_600)
    assert failure.value.note == "device.no_library"


def test_a_libusb_that_is_there_and_does_not_start_is_not_called_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("libusb1", "libusb0", "openusb"):
        monkeypatch.setattr(f"usb.backend.{name}.get_backend", lambda: None)
    monkeypatch.setattr("hardware.usb_port.find_library", lambda name: f"lib{name}.so.0")
    with pytest.raises(PortGone, match="AF_NETLINK") as failure:
        open_channel(PORT, 9_600)
    assert failure.value.note == "device.no_usb"
    assert {"device.no_usb", "county.device_note.device.no_usb"} <= WORDS.keys()


def test_a_bus_that_cannot_be_read_is_told(plug: Plug, monkeypatch: pytest.MonkeyPatch) -> None:
    plug()

    def denied(_peer: UsbPeer) -> object:
        thing = UsbThing(fails={"look": errno.EACCES})
        thing.may("look")
        return iter(())

    monkeypatch.setattr(UsbPeer, "enumerate_devices", denied)
    with pytest.raises(PortGone) as failure:
        open_channel(PORT, 9_600)
    assert failure.value.note == "device.no_permission"


def test_of_two_alike_the_socket_chooses(plug: Plug) -> None:
    first, second = UsbThing(), UsbThing(bus=2, ports=(4,))
    plug(first, second)
    channel = open_channel(f"{PORT}@2-4", 9_600)
    channel.write(b"hello")
    channel.close()
    channel.close()
    assert (bytes(first.heard), bytes(second.heard)) == (b"", b"hello")
    assert second.log.count("close") == 1


def test_the_pipes_of_the_printer_are_found_among_others(plug: Plug) -> None:
    keyboard = Face(3, ((0x81, INTERRUPT),))
    vendor = Face(255, ((0x02, BULK),))
    thing = UsbThing(faces=(keyboard, vendor, Face(7, ((0x85, BULK), (0x04, BULK)))))
    plug(thing)
    open_channel(PORT, 9_600).close()
    assert "claim 2" in thing.log


def test_a_device_that_nobody_configured_is_configured_and_any_other_left_alone(
    plug: Plug,
) -> None:
    fresh, used = UsbThing(configured=False), UsbThing()
    for thing in (fresh, used):
        plug(thing)
        open_channel(PORT, 9_600).close()
    assert ("configure" in fresh.log, "configure" in used.log) == (True, False)


def test_a_libusb_that_knows_nothing_of_kernel_drivers_serves_too(plug: Plug) -> None:
    thing = UsbThing()
    plug(thing, drivers=False)
    channel = open_channel(PORT, 9_600)
    channel.write(b"x")
    channel.close()
    assert bytes(thing.heard) == b"x"


def test_what_is_taken_piece_by_piece_arrives_whole(plug: Plug) -> None:
    thing = UsbThing(most_bytes=7)
    plug(thing)
    channel = open_channel(PORT, 9_600)
    channel.write(bytes(range(256)) * 40)
    channel.close()
    assert bytes(thing.heard) == bytes(range(256)) * 40


def test_a_printer_that_takes_nothing_is_gone_after_the_time_out(plug: Plug) -> None:
    thing = UsbThing(fails={"write": errno.ETIMEDOUT})
    plug(thing)
    channel = open_channel(PORT, 9_600)
    assert channel.write_some(b"x", 0.01) == 0
    with pytest.raises(PortGone, match="were not taken"):
        channel.write(b"xyz", 0.01)
    channel.close()


def test_a_printer_that_is_pulled_out_is_gone_and_closing_it_is_no_error(plug: Plug) -> None:
    thing = UsbThing(usblp=True)
    plug(thing)
    channel = open_channel(PORT, 9_600)
    thing.fails = dict.fromkeys(("write", "read", "release 0", "attach 0"), errno.ENODEV)
    with pytest.raises(DeviceGone):
        channel.write(b"x")
    with pytest.raises(DeviceGone):
        channel.read(0.01)
    channel.close()
    with pytest.raises(PortGone, match="closed"):
        channel.read(0)


@pytest.mark.parametrize("faces", [(Face(),), (Face(7, ((0x03, BULK),)),)], ids=["both", "mute"])
def test_a_read_waits_no_longer_than_told_and_can_be_woken(
    plug: Plug, faces: tuple[Face, ...]
) -> None:
    plug(UsbThing(faces=faces))
    channel = open_channel(PORT, 9_600)
    assert channel.read(0) == channel.read(0.06) == b""
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(channel.read(3_600)))
    reader.start()
    channel.wake()
    reader.join(10)
    assert read == [b""]
    channel.close()


@pytest.mark.anyio
async def test_a_printer_that_is_not_there_shows_as_missing(plug: Plug) -> None:
    plug()
    printer = EscposPrinter(PrinterOptions(name="printer", port=PORT, baud=9_600, dots=384))
    assert await printer.paper() is PaperState.UNKNOWN
    assert (printer.health().present, printer.health().note) == (False, "device.missing")
    await printer.aclose()
    assert await asyncio.wait_for(printer.paper(), 10) is PaperState.UNKNOWN
