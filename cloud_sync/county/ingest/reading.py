"""Bounds and meaning of what stations send: what is sane, how it chains, what a fact says."""

import re
from typing import Any, Final, NamedTuple

import msgspec

from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.tables.sync import GRANT_CHARACTERS
from cloud_sync.wire.bodies.body import BodyError
from cloud_sync.wire.bodies.registry import read_body
from cloud_sync.wire.envelope import Envelope, decode
from cloud_sync.wire.messages import Batch, Heartbeat, Hello, Position
from cloud_sync.wire.snapshot import SnapshotBody
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import Epoch, Seq, StationId

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NONCE: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_KIND: Final = re.compile(r"[a-z0-9_.]{1,64}")
_BIGGEST: Final = 2**63 - 1
"""The largest integer that a database column holds."""
_LARGEST_SCHEMA: Final = 9_999
_MAX_CELLS: Final = 999
_MAX_DEVICES: Final = 64
_MAX_WORD: Final = 64
_MAX_REASON: Final = 200


class Link(NamedTuple):
    """One fact at its place in the chain, hash recomputed here from the bytes that came."""

    epoch: int
    seq: int
    hash: bytes
    fact: bytes


def sane_position(place: Position) -> bool:
    """Whether a place keeps the bounds that its types leave open."""
    return (
        _countable(place.epoch)
        and _countable(place.seq)
        and _HASH.fullmatch(place.hash) is not None
    )


def sane_hello(hello: Hello) -> bool:
    """Whether a HELLO keeps the bounds that its types leave open."""
    return (
        _NONCE.fullmatch(hello.nonce) is not None
        and sane_position(hello.head)
        and all(map(_countable, _numbers_of(hello)))
        and all(len(word) <= _MAX_WORD for word in (hello.software, hello.machine, hello.boot_id))
        and len(hello.county_gen) <= _MAX_WORD
        and len(hello.grant) <= GRANT_CHARACTERS
        and 0 <= hello.cells <= _MAX_CELLS
    )


def _numbers_of(hello: Hello) -> tuple[int, ...]:
    return (
        hello.boot,
        hello.oldest_seq,
        hello.applied_seq,
        hello.durable_seq,
        hello.state_seq,
        hello.fence,
    )


def sane_pictures(body: SnapshotBody) -> bool:
    """Whether a snapshot's pictures keep the bounds of the tables that they go into."""
    cells, waybills = (
        [cell.cell for cell in body.cells],
        [parcel.waybill_no for parcel in body.parcels],
    )
    moments = [cell.since_ms for cell in body.cells]
    for parcel in body.parcels:
        moments += [parcel.received_ms, parcel.stored_ms or 0, parcel.ended_ms or 0]
    words = [word for cell in body.cells for word in (cell.occupancy, cell.door, cell.purpose)]
    words += [parcel.slot or "" for parcel in body.parcels]
    words += [word for parcel in body.parcels for word in (parcel.stage, parcel.waybill_no)]
    return (
        len(cells) == len(set(cells))
        and len(waybills) == len(set(waybills))
        and all(0 < cell <= _MAX_CELLS for cell in cells)
        and all(map(_countable, moments))
        and all(len(word) <= _MAX_WORD for word in words)
        and all(len(cell.locked) <= _MAX_REASON for cell in body.cells)
    )


def sane_heartbeat(heartbeat: Heartbeat) -> bool:
    """Whether a heartbeat keeps the bounds that its types leave open."""
    words = [*heartbeat.devices, *heartbeat.devices.values()]
    return (
        _countable(heartbeat.head_seq)
        and _countable(heartbeat.waiting)
        and _countable(heartbeat.retained)
        and len(heartbeat.devices) <= _MAX_DEVICES
        and all(len(word) <= _MAX_WORD for word in words)
    )


def chain(station: StationId, batch: Batch) -> list[Link] | None:
    """The facts of a batch, each with its hash; None when the batch has no sane beginning."""
    before = batch.previous
    if not sane_position(before) or not _countable(before.seq + len(batch.facts)):
        return None
    links: list[Link] = []
    digest, epoch = bytes.fromhex(before.hash), Epoch(before.epoch)
    for seq, raw in enumerate(batch.facts, start=before.seq + 1):
        fact = bytes(raw)
        digest = chain_hash(digest, station, epoch, Seq(seq), fact)
        links.append(Link(epoch=epoch, seq=seq, hash=digest, fact=fact))
    return links


def fact_rows(
    station: StationId, links: list[Link], tables: Tables, now_ms: int
) -> list[dict[str, Any]]:
    """Rows of the facts table; folds each fact into the tables unless it must be parked.

    What this software cannot read is kept as it came and says why; it never stops the line.
    """
    read = [(link, *_read(link)) for link in links]
    tables.expect(envelope for _link, envelope, parked in read if envelope and not parked)
    return [
        _row(station, link, now_ms, parked)
        | (_said(envelope, tables, readable=not parked) if envelope else {})
        for link, envelope, parked in read
    ]


def _row(station: StationId, link: Link, now_ms: int, parked: str) -> dict[str, Any]:
    return {
        "station": station,
        "epoch": link.epoch,
        "seq": link.seq,
        "hash": link.hash,
        "fact": link.fact,
        "received_ms": now_ms,
        "parked": parked[:200],
        "kind": "unreadable",
        "schema": 0,
        "wall_ms": now_ms,
        "cell": None,
        "waybill_no": None,
    }


def _said(fact: Envelope, tables: Tables, *, readable: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": fact.kind, "schema": fact.schema, "wall_ms": fact.wall_lo}
    if readable:
        said |= {"cell": fact.body.get("cell"), "waybill_no": tables.waybill_of(fact)}
        tables.fold(fact)
    return said


def _read(link: Link) -> tuple[Envelope | None, str]:
    """The envelope as far as it can be trusted, and why its fact must be parked."""
    try:
        envelope = decode(link.fact)
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        return None, f"unreadable envelope: {cause}"
    if (envelope.epoch, envelope.seq) != (link.epoch, link.seq):
        return None, f"says it is fact {envelope.seq} of epoch {envelope.epoch}"
    if not (
        _KIND.fullmatch(envelope.kind)
        and _countable(envelope.wall_lo)
        and 0 <= envelope.schema <= _LARGEST_SCHEMA
    ):
        return None, "kind, schema or time out of bounds"
    try:
        read_body(envelope.kind, envelope.schema, envelope.body)
    except BodyError as cause:
        return envelope, str(cause)
    return envelope, ""


def _countable(number: int) -> bool:
    return 0 <= number <= _BIGGEST
