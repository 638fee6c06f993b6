"""A backend of pyusb with printers on it that are not there: descriptors, claims, two pipes."""

import array
import errno
import os
import select
import tty
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import usb.backend
import usb.core

BULK: Final = 2
INTERRUPT: Final = 3
PRINTER_CLASS: Final = 7
_PACKET: Final = 64


@dataclass(frozen=True, slots=True)
class Face:
    """One interface: its class and its pipes (address, type)."""

    kind: int = PRINTER_CLASS
    pipes: tuple[tuple[int, int], ...] = ((0x03, BULK), (0x84, BULK))


@dataclass(kw_only=True)
class UsbThing:
    """A device on the bus; `link` is a twin's pty that its pipes lead to."""

    vendor: int = 0x0416
    product: int = 0x5011
    bus: int = 1
    ports: tuple[int, ...] = (1, 3)
    faces: tuple[Face, ...] = (Face(),)
    link: Path | None = None
    configured: bool = True
    usblp: bool = False
    most_bytes: int = 1 << 20
    log: list[str] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    fails: dict[str, int] = field(default_factory=dict)
    file: int = -1

    def may(self, what: str) -> None:
        """Note it. Raises the USBError of what is broken on purpose."""
        self.log.append(what)
        if what in self.fails:
            number = self.fails[what]
            kind = usb.core.USBTimeoutError if number == errno.ETIMEDOUT else usb.core.USBError
            raise kind(os.strerror(number), None, number)


class UsbPeer(usb.backend.IBackend):  # type: ignore[misc]  # pyusb has no types
    """Implements what pyusb asks of libusb. Without `drivers` it cannot ask about usblp."""

    def __init__(self, *things: UsbThing, drivers: bool = True) -> None:
        self.things = things
        self.drivers = drivers

    def enumerate_devices(self) -> Any:
        return iter(self.things)

    def get_parent(self, _dev: UsbThing) -> None:
        return None

    def get_device_descriptor(self, dev: UsbThing) -> Any:
        names = (
            "bLength bDescriptorType bcdUSB bDeviceClass bDeviceSubClass bDeviceProtocol "
            "bMaxPacketSize0 bcdDevice iManufacturer iProduct iSerialNumber"
        )
        return SimpleNamespace(
            **dict.fromkeys(names.split(), 0),
            idVendor=dev.vendor,
            idProduct=dev.product,
            bNumConfigurations=1,
            address=5,
            bus=dev.bus,
            port_number=dev.ports[-1] if dev.ports else None,
            port_numbers=dev.ports or None,
            speed=None,
        )

    def get_configuration_descriptor(self, dev: UsbThing, config: int) -> Any:
        if config:
            raise IndexError(config)
        names = "bLength bDescriptorType wTotalLength iConfiguration bmAttributes bMaxPower"
        return SimpleNamespace(
            **dict.fromkeys(names.split(), 0),
            bConfigurationValue=1,
            bNumInterfaces=len(dev.faces),
            extra_descriptors=b"",
        )

    def get_interface_descriptor(self, dev: UsbThing, intf: int, alt: int, config: int) -> Any:
        if intf >= len(dev.faces) or alt or config:
            raise IndexError(intf)
        names = "bLength bDescriptorType bInterfaceSubClass bInterfaceProtocol iInterface"
        return SimpleNamespace(
            **dict.fromkeys(names.split(), 0),
            bInterfaceNumber=intf,
            bAlternateSetting=0,
            bNumEndpoints=len(dev.faces[intf].pipes),
            bInterfaceClass=dev.faces[intf].kind,
            extra_descriptors=b"",
        )

    def get_endpoint_descriptor(
        self, dev: UsbThing, ep: int, intf: int, _alt: int, _config: int
    ) -> Any:
        address, kind = dev.faces[intf].pipes[ep]
        names = "bLength bDescriptorType bInterval bRefresh bSynchAddress"
        return SimpleNamespace(
            **dict.fromkeys(names.split(), 0),
            bEndpointAddress=address,
            bmAttributes=kind,
            wMaxPacketSize=_PACKET,
            extra_descriptors=b"",
        )

    def open_device(self, dev: UsbThing) -> UsbThing:
        dev.may("open")
        if dev.link is not None:
            dev.file = os.open(dev.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            tty.setraw(dev.file)
        return dev

    def close_device(self, dev_handle: UsbThing) -> None:
        dev_handle.may("close")
        if dev_handle.file >= 0:
            os.close(dev_handle.file)
            dev_handle.file = -1

    def get_configuration(self, dev_handle: UsbThing) -> int:
        return int(dev_handle.configured)

    def set_configuration(self, dev_handle: UsbThing, _config_value: int) -> None:
        dev_handle.may("configure")
        dev_handle.configured = True

    def claim_interface(self, dev_handle: UsbThing, intf: int) -> None:
        dev_handle.may(f"claim {intf}")

    def release_interface(self, dev_handle: UsbThing, intf: int) -> None:
        dev_handle.may(f"release {intf}")

    def is_kernel_driver_active(self, dev_handle: UsbThing, _intf: int) -> bool:
        if not self.drivers:
            raise NotImplementedError
        return dev_handle.usblp

    def detach_kernel_driver(self, dev_handle: UsbThing, intf: int) -> None:
        dev_handle.may(f"detach {intf}")
        dev_handle.usblp = False

    def attach_kernel_driver(self, dev_handle: UsbThing, intf: int) -> None:
        dev_handle.may(f"attach {intf}")
        dev_handle.usblp = True

    def bulk_write(
        self, dev_handle: UsbThing, _ep: int, _intf: int, data: Any, timeout: int
    ) -> int:
        assert timeout > 0, "0 is for ever"
        dev_handle.may("write")
        taken = bytes(data[: dev_handle.most_bytes])
        if dev_handle.file >= 0:
            select.select([], [dev_handle.file], [], timeout / 1_000)
            taken = taken[: os.write(dev_handle.file, taken)]
        dev_handle.heard += taken
        return len(taken)

    def bulk_read(
        self, dev_handle: UsbThing, _ep: int, _intf: int, buff: "array.array[int]", timeout: int
    ) -> int:
        assert timeout > 0, "0 is for ever"
        dev_handle.may("read")
        files = [dev_handle.file] if dev_handle.file >= 0 else []
        if not select.select(files, [], [], timeout / 1_000)[0]:
            raise usb.core.USBTimeoutError("timeout", None, errno.ETIMEDOUT)
        data = os.read(dev_handle.file, len(buff))
        buff[: len(data)] = array.array("B", data)
        return len(data)
