"""Trains the dictionaries of the wire: what zstandard shall know of facts and messages beforehand.

    python scripts/train_wire_dictionary.py NUMBER FILE

NUMBER is 1 for the columns of facts, 2 for the JSON of messages; FILE must not exist yet. A shipped
dictionary never changes: a better one gets a new number, a new name and a row in
cloud_sync/wire/framing/dictionary.py, and both ends must know it before one of them uses it.
"""

import random  # noqa: TID251 - what is trained on, from fixed seeds
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import zstandard

from cloud_sync.wire import messages
from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.framing.columns import lay_out
from cloud_sync.wire.framing.payload import Head
from cloud_sync.wire.messages import Position
from edge.tools.measures.village_month import DAY, HOUR, month_of_facts

SEEDS: Final = range(100, 106)
"""`cunyi bench wire_bytes` measures with other seeds than these."""
BATCHES: Final = (1, 1, 2, 3, 3, 4, 5, 6, 8, 10, 15, 25, 60, 200, 600, 1_000)
"""How many facts go together: few while the county is there, many after it was away."""
BYTES: Final = {dictionary.FACTS: 12_000, dictionary.MESSAGES: 6_000}
_DICE: Final = random.Random(99)  # noqa: S311 - examples, no secret


def columns() -> Iterator[bytes]:
    """The clear columns of batches of every size, online and offline."""
    for seed in SEEDS:
        facts = month_of_facts(seed, 30, hears_county=HOUR if seed % 2 else 40 * DAY)
        place = 0
        while place < len(facts):
            size = _DICE.choice(BATCHES)
            yield lay_out(facts[place : place + size])[0]
            place += size


def examples() -> Iterator[bytes]:
    """The JSON of each message, with what differs drawn by dice."""
    for _ in range(400):
        for message in _one_of_each():
            yield msgspec.json.encode(message)


def _one_of_each() -> tuple[msgspec.Struct, ...]:
    return (*_journal(_place()), *_beats(_place()), *_county(_place()), *_live(_place()))


def _journal(at: Position) -> tuple[msgspec.Struct, ...]:
    county_gen, session = f"{_DICE.randrange(1, 4)}-{_hex(16)}", _hex(16)
    ack = messages.Ack(
        session=session,
        county_gen=county_gen,
        applied=at,
        durable_seq=at.seq - _DICE.randrange(60),
        note="",
    )
    return (
        Head(session=session, previous=_place(), last=at.hash, facts=1_000),
        Head(session=session, previous=at, last="", facts=0),
        ack,
        msgspec.structs.replace(ack, applied=_place()),
        messages.Hello(
            nonce=_hex(16),
            head=at,
            oldest_seq=_DICE.choice([1, max(1, at.seq - 5_000)]),
            boot=_DICE.randrange(1, 200),
            software="0.1.0",
            cells=_DICE.choice([12, 24, 48]),
            boot_id=_hex(16),
            machine=_hex(32),
            county_gen=county_gen,
            applied_seq=at.seq,
            durable_seq=at.seq - _DICE.randrange(60),
            state_seq=_DICE.randrange(500),
            fence=_DICE.randrange(30),
        ),
        messages.Welcome(
            nonce=_hex(16),
            session=session,
            county_gen=county_gen,
            verdict=_DICE.choice(["ok", "ok", "ok", "rollback", "fork", "new_epoch"]),
            applied=at,
            durable_seq=at.seq,
            county_time_ms=_time(),
            snapshot_seq=at.seq,
        ),
    )


def _beats(at: Position) -> tuple[msgspec.Struct, ...]:
    names = ("lock_board", "scanner", "printer", "voice", "power")
    beat = messages.Heartbeat(
        boot=_DICE.randrange(1, 200),
        up_ms=_DICE.randrange(10**8),
        head_seq=at.seq,
        waiting=_DICE.choice([0, 0, 3, 700]),
        devices={name: _DICE.choice(["ready", "ready", "gone"]) for name in names},
        simulated=False,
    )
    later = msgspec.structs.replace(beat, up_ms=beat.up_ms + 10_000, waiting=0)
    return beat, later, messages.Goodbye(clean=_DICE.choice([True, False]))


def _county(at: Position) -> tuple[msgspec.Struct, ...]:
    session, grant, question = _hex(16), f"g-{_hex(12)}", f"q-{_hex(12)}"
    notice = messages.StateItem(
        seq=at.seq + 1, kind="notice", key=_hex(6), body={"text": "今天下午停电"}
    )
    return (
        messages.SnapshotTaken(session=session, at_seq=at.seq, digest=_hex(32), next=1),
        messages.GrantAsk(grant=grant, index=0),
        messages.StateItems(session=session, previous_seq=at.seq, items=[notice]),
        messages.StateAck(session=session, seq=at.seq),
        messages.Ask(question=question, kind="parcel", body={"waybill_no": "YT7700123456789"}),
        messages.Answer(question=question, known=True, body={}),
        messages.NotEnrolled(frame=_hex(32)),
    )


def _live(at: Position) -> tuple[msgspec.Struct, ...]:
    command, cell = f"l-{_hex(12)}", _DICE.randrange(1, 60)
    nonce, fence = _hex(16), at.seq
    return (
        messages.LiveRequest(command=command, action="open", cell=cell),
        messages.LiveNonce(command=command, nonce=nonce, lives_ms=120_000, epoch=1, fence=fence),
        messages.LiveCommand(
            command=command,
            station="qingshan-01",
            epoch=1,
            seq=fence + 1,
            nonce=nonce,
            action="open",
            cell=cell,
            parcel_tail=f"{_DICE.randrange(10_000):04d}",
            not_after_ms=_time(),
            operator="王大姐",
            reason="取件码丢失",
            approvals=["王大姐"],
        ),
        messages.LiveResult(command=command, result=_DICE.choice(["opened", "refused", "silent"])),
    )


def _place() -> Position:
    return Position(epoch=1, seq=_DICE.randrange(100, 50_000), hash=_hex(32))


def _hex(length: int) -> str:
    return _DICE.randbytes(length).hex()


def _time() -> int:
    return 1_790_000_000_000 + _DICE.randrange(10**11)


def main() -> None:
    """Train one dictionary and write it."""
    number, file = int(sys.argv[1]), Path(sys.argv[2])
    samples: list[bytes | bytearray | memoryview] = list(
        columns() if number == dictionary.FACTS else examples()
    )
    trained = zstandard.train_dictionary(BYTES[number], samples, dict_id=number, level=12)
    with file.open("xb") as new:
        new.write(trained.as_bytes())
    print(f"{file}: {len(trained)} bytes from {len(samples)} samples")


if __name__ == "__main__":
    main()
