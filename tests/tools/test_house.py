"""The ports of the demo's house: four in a row, and a kept folder keeps its own."""

import json
import socket
from dataclasses import asdict
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from edge.tools.house import PORTS, Ports, PortTakenError


def kept(folder: Path) -> Ports:
    ports = Ports.choose(folder, 0)
    (folder / PORTS).write_text(json.dumps(asdict(ports)), encoding="utf-8")
    return ports


def test_a_kept_folder_has_the_ports_that_its_settings_name(tmp_path: Path) -> None:
    ports = kept(tmp_path)
    assert Ports.choose(tmp_path, None) == ports
    assert Ports.choose(tmp_path, 0) == ports


def test_other_ports_for_a_kept_folder_are_refused_and_not_ignored(tmp_path: Path) -> None:
    ports = kept(tmp_path)
    with pytest.raises(ConfigError, match=f"has its ports from {ports.broker} on"):
        Ports.choose(tmp_path, ports.broker + 100)


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with pytest.raises(PortTakenError, match=rf"port {port} is in use.*--port {port + 100}"):
            Ports.choose(tmp_path, port)
