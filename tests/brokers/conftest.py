"""The kinds of broker that one contract is kept over."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloud_sync.county.ingest.mqtt import LinkPlan
from cloud_sync.wire.broker.pipe import Version
from tests.support.brokers import AnyBroker, embedded, mosquitto, rabbitmq


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A broker and how both ends speak to it."""

    name: str
    run: Callable[[Path], AbstractContextManager[AnyBroker]]
    version: Version = "3.1.1"
    workers: int = 1

    def county_plan(self, keepalive_s: int = 20) -> LinkPlan:
        """How the county connects."""
        return LinkPlan(
            version=self.version,
            workers=self.workers,
            share=self.workers > 1,
            keepalive_s=keepalive_s,
        )


SETTINGS = (
    Setting(name="embedded", run=embedded),
    Setting(name="mosquitto", run=mosquitto),
    Setting(name="mosquitto-5", run=mosquitto, version="5"),
    Setting(name="mosquitto-shared", run=mosquitto, workers=3),
    Setting(name="rabbitmq", run=rabbitmq),
)


@dataclass(frozen=True)
class Place:
    """A running broker and its setting."""

    setting: Setting
    broker: AnyBroker


@pytest.fixture(scope="session", params=SETTINGS, ids=lambda one: one.name)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """One kind of broker after the other; the tests of a kind share it."""
    setting: Setting = request.param
    with setting.run(tmp_path_factory.mktemp(setting.name)) as broker:
        yield Place(setting, broker)
