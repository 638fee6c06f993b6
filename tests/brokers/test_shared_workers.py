"""Several county connections that take turns through a shared subscription."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cloud_sync.county.ingest.mqtt import LinkPlan
from tests.brokers.conftest import Place
from tests.brokers.world import arrives, open_center, open_home
from tests.support.brokers import mosquitto

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
STATIONS = 20
ROUNDS = 10
AT_ONCE = 10
THREE = LinkPlan(workers=3, share=True)


async def test_three_workers_take_2000_facts_of_20_stations_each_once_and_in_order(
    tmp_path: Path,
) -> None:
    with mosquitto(tmp_path) as broker, open_center(tmp_path, broker.address, THREE) as center:
        async with AsyncExitStack() as stack:
            homes = [
                await stack.enter_async_context(
                    open_home(center, broker.address, f"station-{number:02}")
                )
                for number in range(STATIONS)
            ]
            for _round in range(ROUNDS):
                for home in homes:
                    home.write(AT_ONCE)
                await asyncio.sleep(0.05)
            await arrives(lambda: all(home.has_delivered_all() for home in homes))
        assert [center.facts(home) for home in homes] == [home.journal.facts for home in homes]
        assert sum(len(center.facts(home)) for home in homes) == 2_000


async def test_a_broker_without_shared_subscriptions_is_told_from_a_silent_village(
    place: Place, tmp_path: Path
) -> None:
    """Embedded broker and RabbitMQ: the first grants the subscription and delivers nothing."""
    shares = place.setting.name not in {"embedded", "rabbitmq"}
    with capture_logs() as logs, open_center(tmp_path, place.broker.address, THREE) as center:
        if shares:
            await arrives(center.is_up)
            return
        await arrives(lambda: any(one["event"] == "broker_away" for one in logs))
        assert center.turns == []
    reasons = {str(one["reason"]) for one in logs if one["event"] == "broker_away"}
    assert any("share = false" in reason or "refused our topic" in reason for reason in reasons)
