"""One good message of every kind, in both directions, and what is made of them."""

import hashlib
import random
from collections.abc import Callable, Sequence
from typing import Any, Final, get_args

import msgspec

from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.framing.columns import lay_out
from cloud_sync.wire.framing.payload import VERSION, Head, pack
from cloud_sync.wire.messages import (
    Ack,
    Answer,
    Ask,
    Batch,
    Goodbye,
    GrantAsk,
    GrantPiece,
    Heartbeat,
    Hello,
    LiveCommand,
    LiveNonce,
    LiveRequest,
    LiveResult,
    Message,
    MessageError,
    NotEnrolled,
    Position,
    SnapshotPiece,
    SnapshotTaken,
    StateAck,
    StateItem,
    StateItems,
    Welcome,
)
from tests.fuzz.mutation import spoil, spoil_value

SNAPSHOT: Final = b"\x02" + bytes(range(200))
DIGEST: Final = hashlib.sha256(SNAPSHOT).hexdigest()


def upward(hello: Hello, batch: Batch) -> list[Message]:
    """What a station may say, in the session of that batch."""
    session = batch.session
    return [
        hello,
        batch,
        msgspec.structs.replace(batch, facts=batch.facts[:1], last=""),
        SnapshotPiece(
            session=session,
            at=hello.head,
            gap_from=0,
            digest=DIGEST,
            index=0,
            count=1,
            data=SNAPSHOT,
        ),
        GrantAsk(grant="1-2-ab", index=0),
        StateAck(session=session, seq=0),
        LiveNonce(command="m-1", nonce="n", lives_ms=60_000, epoch=1, fence=4),
        LiveResult(command="m-1", result="opened"),
        Ask(question="q1", kind="parcel", body={"waybill_no": "YT7700123456"}),
        Heartbeat(
            boot=1,
            up_ms=1_000,
            head_seq=7,
            waiting=0,
            devices={"scanner": "ok", "打印机": "printer.paper_out"},
            simulated=True,
        ),
        Goodbye(clean=True),
    ]


def downward(hello: Hello, session: str) -> list[Message]:
    """What a county may say to that station."""
    item = StateItem(seq=1, kind="notice", key="n1", body={"text": "停电通知", "until_ms": 5})
    return [
        Welcome(
            nonce=hello.nonce,
            session=session,
            county_gen="1-c0",
            verdict="ok",
            applied=hello.head,
            durable_seq=0,
            county_time_ms=1_790_000_000_000,
        ),
        Ack(session=session, county_gen="1-c0", applied=hello.head, durable_seq=0, note=""),
        SnapshotTaken(session=session, at_seq=hello.head.seq, digest=DIGEST, next=1),
        GrantPiece(grant="1-2-ab", digest=DIGEST, index=0, count=1, data=SNAPSHOT),
        StateItems(session=session, previous_seq=0, items=[item]),
        LiveRequest(command="m-1", action="open", cell=1),
        LiveCommand(
            command="m-1",
            station="pingshang",
            epoch=1,
            seq=1,
            nonce="n",
            action="open",
            cell=1,
            parcel_tail="",
            not_after_ms=1_795_000_060_000,
            operator="王某",
            reason="村民手机丢了",
            approvals=["王某"],
        ),
        NotEnrolled(frame="ab" * 32),
        Answer(question="q1", known=True, body={"here": False}),
    ]


def every_kind(messages: Sequence[Message]) -> bool:
    """Whether no kind of message is missing."""
    return {type(one) for one in messages} == set(get_args(Message))


Spoiler = Callable[[random.Random, Message], bytes]


def spoilt_bytes(chance: random.Random, message: Message) -> bytes:
    """Damage behind the signature: what only a fault of the far end's own could bring."""
    return spoil(chance, pack(message), [pack(Goodbye(clean=True))])


def senseless(chance: random.Random, message: Message) -> bytes:
    """Well packed, and one or two of its values are none that a good end would send."""
    if isinstance(message, Batch):
        return _senseless_batch(chance, message)
    tree = msgspec.json.decode(msgspec.json.encode(message))
    kind = tree.pop("type")
    for _ in range(chance.choice((1, 1, 2))):
        tree = spoil_value(chance, tree)
    if isinstance(tree, dict) and chance.random() < 0.98:
        tree = {"type": kind} | tree
    return bytes([VERSION, 0]) + _packed(tree)


def _senseless_batch(chance: random.Random, batch: Batch) -> bytes:
    """Head, columns or facts: each is spoilt in a third of the cases."""
    head: Any = msgspec.to_builtins(
        Head(
            session=batch.session,
            previous=batch.previous,
            last=batch.last,
            facts=len(batch.facts),
        )
    )
    facts = [bytes(fact) for fact in batch.facts]
    how = chance.randrange(3)
    if how == 0:
        head = spoil_value(chance, head)
    if how == 1 and facts:
        at = chance.randrange(len(facts))
        facts[at] = _senseless_fact(chance, facts[at], facts)
        head["last"] = chance.choice(("", head["last"]))
    clear, noise = lay_out(facts)
    if how == 2:
        table = msgspec.msgpack.decode(clear)
        clear = msgspec.msgpack.encode(_msgpackable(spoil_value(chance, table)))
    packed = dictionary.compress(clear, dictionary.FACTS)
    told = _packed(head)
    return (
        bytes([VERSION, 1])
        + len(told).to_bytes(2, "big")
        + told
        + len(packed).to_bytes(3, "big")
        + packed
        + noise
    )


def _senseless_fact(chance: random.Random, fact: bytes, others: Sequence[bytes]) -> bytes:
    if chance.random() < 0.3:
        return spoil(chance, fact, others)
    return _json(spoil_value(chance, msgspec.json.decode(fact)))


def _json(tree: Any) -> bytes:
    try:
        return msgspec.json.encode(tree, order="sorted")
    except (OverflowError, ValueError):  # a number that no JSON of ours can hold
        return b'{"n":' + b"9" * 40 + b"}"


def _msgpackable(tree: Any) -> Any:
    if isinstance(tree, int) and not isinstance(tree, bool) and not -(2**63) <= tree < 2**64:
        return float(tree)
    if isinstance(tree, list):
        return [_msgpackable(one) for one in tree]
    if isinstance(tree, dict):
        return {name: _msgpackable(one) for name, one in tree.items()}
    return tree


def _packed(tree: Any) -> bytes:
    return dictionary.compress(_json(tree), dictionary.MESSAGES)


def is_message_error(work: Callable[[], object]) -> bool:
    """Whether it ends in the one error that every reader of messages catches."""
    try:
        work()
    except MessageError:
        return True
    return False


def place(seq: int = 7) -> Position:
    """Anywhere."""
    return Position(epoch=1, seq=seq, hash="ab" * 32)
