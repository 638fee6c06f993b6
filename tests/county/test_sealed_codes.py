"""Codes that stations seal for addressees' pages: kept while they are alive, unreadable at rest."""

from pathlib import Path

import msgspec

from cloud_sync.county.histories.pictures import put_up, rebuild
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.tables import SEALED_CODES
from cloud_sync.wire.snapshot import SnapshotBody
from cloud_sync.wire.trust.sealed_codes import ClearCode, CodeSealer
from tests.county.village import NOON_MS, County, Village, open_county

YT, SF = "YT7700123456", "SF1234567890"
VAULT = Vault(b"k" * 32)
CODE = ClearCode("37291846", "CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ", 7)


def test_codes_without_a_database_are_folded_in_memory_alone() -> None:
    tables = Tables("pingshang")
    tables.codes.keep("c-1", YT, "sealed")
    assert tables.save() is tables


def issue(village: Village, credential: str, waybill_no: str = YT) -> None:
    """A code, as a station tells it."""
    sealer = CodeSealer(village.station, VAULT.code_opener().public)
    village.tell(
        "pickup.code_sealed",
        credential=credential,
        waybill_no=waybill_no,
        sealed=sealer.seal(credential, CODE),
    )


def kept(office: County) -> list[tuple[str, str]]:
    rows = office.rows(SEALED_CODES)
    opener = VAULT.code_opener()
    for row in rows:
        assert opener.open(row["station"], row["credential"], row["sealed"]) == CODE
    return [(row["credential"], row["waybill_no"]) for row in rows]


def test_r53_a_code_is_kept_sealed_from_its_issue_to_its_end(tmp_path: Path) -> None:
    with open_county(tmp_path) as office:
        village = Village()
        village.check_in(YT, 7)
        issue(village, "c-1")
        village.check_in(SF, 8)
        issue(village, "c-2", SF)
        office.deliver(village)
        assert kept(office) == [("c-1", YT), ("c-2", SF)]
        village.tell("pickup.code_revoked", credential="c-1", reason="reprinted")
        issue(village, "c-3")
        office.deliver(village, "n2")
        assert kept(office) == [("c-2", SF), ("c-3", YT)]
        village.pick_up(YT, 7)
        office.deliver(village, "n3")
        assert kept(office) == [("c-2", SF)]
        village.tell("parcel.handed_out", waybill_no=SF, slot="B-3-407", keeper="li", proof="token")
        office.deliver(village, "n4")
        assert kept(office) == []
    at_rest = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert CODE.digits.encode() not in at_rest
    assert CODE.token.encode() not in at_rest


def test_r53_a_code_that_was_born_and_died_offline_is_never_kept(tmp_path: Path) -> None:
    with open_county(tmp_path) as office:
        village = Village()
        village.check_in(YT, 7)
        issue(village, "c-1")
        village.tell("pickup.code_revoked", credential="c-1", reason="reprinted")
        issue(village, "c-2")
        village.pick_up(YT, 7)
        village.check_in(YT, 7)
        issue(village, "c-3")
        office.deliver(village)
        assert kept(office) == [("c-3", YT)]


def test_r53_after_a_gap_no_code_is_shown_that_may_have_died_in_it(tmp_path: Path) -> None:
    with open_county(tmp_path) as office:
        village = Village()
        village.check_in(YT, 7)
        issue(village, "c-1")
        office.deliver(village)
        place = Place(epoch=1, seq=village.seq, hash=village.hashes[-1])
        with office.database.write() as connection:
            rebuild(connection, village.station, place, NOON_MS)
        assert kept(office) == [("c-1", YT)], "what is folded anew comes out the same"
        with office.database.write() as connection:
            put_up(
                connection,
                village.station,
                SnapshotBody(state=msgspec.Raw(b"{}"), cells=[], parcels=[]),
                99,
                NOON_MS,
            )
        assert kept(office) == []
