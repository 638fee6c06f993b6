"""A station seals its codes for the county as soon as that has said with what, and not before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.wire.messages import StateItem, StateItems
from cloud_sync.wire.trust.sealed_codes import CodeOpener
from edge.daemon.chance import SystemChance
from edge.daemon.county.code_seals import CodeSeals
from edge.daemon.county.county_word import CountyBoard
from edge.domain.inputs import Fresh, KeeperEntered, ReprintAsked
from edge.kernel.ids import CredentialId, StationId
from edge.kernel.time import Instant
from edge.store.database import Store
from tests.daemon.parts import KEEPER, WAYBILL, Rig, station_in
from tests.store.journals import new_journal
from tests.sync.test_state_talk import bodies

pytestmark = pytest.mark.anyio
COUNTY = CodeOpener(b"c" * 32)
OTHER = CodeOpener(b"d" * 32)


@asynccontextmanager
async def sealing(folder: Path) -> AsyncIterator[tuple[Rig, CountyBoard]]:
    """A station that draws its codes by the system's chance, and what the county tells it."""
    made: list[CodeSeals] = []

    def chance(store: Store) -> SystemChance:
        made.append(CodeSeals(store.station, 7))
        return SystemChance(store.key, made[0])

    async with station_in(folder, chance=chance) as rig:
        board = CountyBoard(rig.station, rig.store, rig.thread, code_seals=made[0])
        await board.load()
        yield rig, board


async def told(board: CountyBoard, seq: int, key: str | None) -> None:
    body: dict[str, Any] | None = None if key is None else {"x25519": key}
    item = StateItem(seq=seq, kind="code_key", key="x25519", body=body)
    await board.keep(StateItems(session="s1", previous_seq=seq - 1, items=[item]))


async def reprint(rig: Rig) -> None:
    await rig.station.tell(
        lambda at, fresh: ReprintAsked(at=at, keeper=KEEPER, waybill_no=WAYBILL, fresh=fresh)
    )


def sent(rig: Rig) -> list[dict[str, Any]]:
    return [body for kind, body in bodies(rig) if kind == "pickup.code_sealed"]


def opened(rig: Rig, county: CodeOpener, body: dict[str, Any]) -> str | None:
    code = county.open(rig.store.station, body["credential"], body["sealed"])
    return None if code is None else rig.store.key.mac_code(code.digits)


def lying_in(folder: Path) -> bytes:
    """Everything on disk."""
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


async def test_r53_the_first_code_after_the_countys_word_is_sealed_for_it(tmp_path: Path) -> None:
    async with sealing(new_journal(tmp_path)) as (rig, board):
        await rig.begin_check_in()
        await rig.check_in()
        assert sent(rig) == [], "an older county says no key: its pages send people to the slip"
        await told(board, 1, COUNTY.public.hex())
        await reprint(rig)
        (body,) = sent(rig)
        issued = [body for kind, body in bodies(rig) if kind == "pickup.code_issued"][-1]
        assert opened(rig, COUNTY, body) == issued["code_mac"]
        await told(board, 2, OTHER.public.hex())
        await reprint(rig)
        assert opened(rig, COUNTY, sent(rig)[-1]) is None
        assert opened(rig, OTHER, sent(rig)[-1]) is not None
        await told(board, 3, None)
        await reprint(rig)
        assert len(sent(rig)) == 2


async def test_r53_after_a_start_the_first_code_is_sealed_too(tmp_path: Path) -> None:
    folder = new_journal(tmp_path)
    async with sealing(folder) as (rig, board):
        await rig.begin_check_in()
        await rig.check_in()
        await told(board, 1, COUNTY.public.hex())
    async with sealing(folder) as (rig, _board):
        drawn: list[Fresh] = []

        def entered(at: Instant, fresh: Fresh) -> KeeperEntered:
            drawn.append(fresh)
            return KeeperEntered(at=at, keeper=KEEPER)

        await rig.station.tell(entered)
        assert all(secret.sealed for secret in drawn[0].secrets)
        await reprint(rig)
        (body,) = sent(rig)
        code = COUNTY.open(rig.store.station, body["credential"], body["sealed"])
        assert code is not None
    at_rest = lying_in(tmp_path)
    assert code.digits.encode() not in at_rest
    assert code.token.encode() not in at_rest
    assert body["sealed"].encode() in at_rest


def test_a_key_with_which_anybody_could_read_seals_nothing() -> None:
    seals = CodeSeals(StationId("pingshang-01"), 7)
    assert seals.use("00" * 32)
    assert seals.seal(CredentialId("c-1"), "37291846", "CY1:" + "A" * 26) == ""
    assert not seals.use("00" * 32), "the same key is no news"
    assert seals.use(COUNTY.public.hex())
    assert seals.seal(CredentialId("c-1"), "37291846", "CY1:" + "A" * 26) != ""
