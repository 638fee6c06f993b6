"""What a station pictures in a snapshot is what the county folds from its facts, word for word."""

import dataclasses
from typing import Any, Final

import msgspec
from hypothesis import HealthCheck, settings

from cloud_sync.county.ingest.projections import Tables
from cloud_sync.wire.envelope import Envelope
from cloud_sync.wire.snapshot import ConsentPicture
from edge.daemon.county.pictures import cell_pictures, parcel_pictures
from tests.domain.village_of_consent import VillageOfConsent

_UNTOUCHED: Final = ("free", "", None, "unknown", "")


class PicturesOfAVillage(VillageOfConsent):
    """After any history: occupancy, reason, parcel, door and purpose of cells; all of parcels."""

    def teardown(self) -> None:
        tables = Tables("pingshang")
        for seq, (fact, at) in enumerate(self.house.journal, 1):
            # Not by the wire's map: the macs of this house show what they stand for.
            body = {field.name: getattr(fact, field.name) for field in dataclasses.fields(fact)}
            tables.fold(
                Envelope(
                    epoch=1,
                    seq=seq,
                    boot=at.boot,
                    mono_ms=at.mono_ms,
                    wall_lo=at.wall_lo_ms,
                    wall_hi=at.wall_hi_ms,
                    kind=fact.KIND,
                    schema=1,
                    actor="test",
                    body=body,
                )
            )
        self.compare_cells(tables)
        self.compare_parcels(tables)
        self.compare_places(tables)
        self.compare_consents(tables)

    def compare_cells(self, tables: Tables) -> None:
        for cell in cell_pictures(self.house.state):
            pictured = (cell.occupancy, cell.reason, cell.waybill_no, cell.door, cell.purpose)
            assert pictured == _words_of(tables.cells.get(cell.cell)), cell.cell

    def compare_parcels(self, tables: Tables) -> None:
        for parcel in parcel_pictures(self.house.state):
            row = tables.parcels.get(parcel.waybill_no)
            assert row is not None
            told = (
                parcel.carrier,
                parcel.stage,
                parcel.cell,
                parcel.received_ms,
                parcel.stored_ms,
                parcel.ended_ms,
            )
            names = ("carrier", "stage", "cell", "received_ms", "stored_ms", "ended_ms")
            assert told == tuple(row[name] for name in names), parcel.waybill_no

    def compare_places(self, tables: Tables) -> None:
        for cell in cell_pictures(self.house.state):
            assert cell.locked == (tables.locks.get(cell.cell) or {"reason": ""})["reason"]
        for parcel in parcel_pictures(self.house.state):
            if parcel.slot is not None:
                row = tables.slots.get(parcel.waybill_no)
                assert row is not None
                assert row["slot"] == parcel.slot

    def compare_consents(self, tables: Tables) -> None:
        for parcel in parcel_pictures(self.house.state):
            told = msgspec.structs.asdict(parcel.consent or ConsentPicture(consent="yes"))
            row = tables.consents.get(parcel.waybill_no) or told
            assert told == {name: row[name] for name in told}, parcel.waybill_no


def _words_of(row: Any) -> tuple[Any, ...]:
    if row is None:
        return _UNTOUCHED
    return (row["occupancy"], row["reason"], row["waybill_no"], row["door"], row["purpose"])


PicturesOfAVillage.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestPicturesAreWhatTheCountyWouldHaveFolded = PicturesOfAVillage.TestCase
