"""Recipients' numbers: read from a manifest, sealed at rest, told to nobody, dropped in time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.recipients.book import DAY_MS, KEPT_MS, NEVER_CAME_MS, drop_numbers
from cloud_sync.county.recipients.book import keep_phones as keep
from cloud_sync.county.recipients.desk import EVERY_MS, RetentionDesk
from cloud_sync.county.recipients.phone import Phone, PhoneKind, read_phone
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.tables import RECIPIENT_PARCELS, RECIPIENTS
from cloud_sync.county.trips.manifest import ManifestError, read_manifest
from cloud_sync.wire.bodies.state import TripStop
from cloud_sync.wire.messages import Goodbye
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId
from tests.county.stream_ends import PINGSHANG, Far, Near, exchange
from tests.county.test_stream_asked import cunyi, running
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = "YT7700123456"
VAULT = Vault(b"k" * 32)
STOPS = (TripStop(place="pingshang", at_ms=NOON_MS),)
MOBILE, OTHER, LANDLINE = "13800138123", "15912345678", "0797-8512345"


def phone_of(text: str) -> Phone:
    phone = read_phone(text)
    assert phone is not None
    return phone


def read(text: str) -> Any:
    return read_manifest(text, trip="t-3", operator="", stops=STOPS, as_json=False)


def told(office: County, phones: Mapping[str, str], now_ms: int = NOON_MS) -> None:
    with office.database.write() as connection:
        keep(connection, VAULT, "t-3", {no: phone_of(one) for no, one in phones.items()}, now_ms)


def counted(office: County) -> tuple[int, int]:
    """So many recipients, and so many of their parcels."""
    with office.database.read() as connection:
        return (
            connection.execute(select(func.count()).select_from(RECIPIENTS)).scalar_one(),
            connection.execute(select(func.count()).select_from(RECIPIENT_PARCELS)).scalar_one(),
        )


@pytest.mark.parametrize(
    ("text", "kind", "tail"),
    [
        (MOBILE, PhoneKind.MOBILE, "8123"),
        ("+86 138 0013 8123", PhoneKind.MOBILE, "8123"),
        (LANDLINE, PhoneKind.LANDLINE, "2345"),
        ("01012345678", PhoneKind.LANDLINE, "5678"),
        ("17000000000-1234", PhoneKind.MASKED, "1234"),
        ("17000000000转56", PhoneKind.MASKED, "0000"),
        ("0797-8512345-801", PhoneKind.MASKED, "2345"),
        ("138****8123", PhoneKind.MASKED, "8123"),
    ],
)
def test_a_number_is_known_by_its_kind_and_its_tail(text: str, kind: PhoneKind, tail: str) -> None:
    phone = phone_of(text)
    assert (phone.kind, phone.tail) == (kind, tail)
    assert phone.can_be_told is (kind is not PhoneKind.MASKED)
    assert phone_of(phone.reveal()) == phone, "what is unsealed reads as what was sealed"


@pytest.mark.parametrize(
    "text", ["", "1380013812", "23800138123", "8512345", "电话", "138001381234"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_phone(text) is None


def test_a_number_shows_its_end_alone_when_it_is_printed() -> None:
    shown = f"{phone_of(MOBILE)} {phone_of(MOBILE)!r}"
    assert MOBILE not in shown
    assert "8123" in shown


HEADER = "封签,到站,运单号,尾号,手机号\n"


def test_the_tail_is_taken_from_the_number_where_its_column_is_empty() -> None:
    text = HEADER + f"FQ0000001,pingshang,{WAYBILL},,{MOBILE}\nFQ0000001,pingshang,SF12345678,,\n"
    bag = read(text).bags["FQ0000001"]
    assert [(p.tail, p.notify) for p in bag.parcels] == [("8123", True), ("", False)]
    masked = read(HEADER + f"FQ0000001,pingshang,{WAYBILL},0971,17000000000-1234\n")
    (parcel,) = masked.bags["FQ0000001"].parcels
    assert (parcel.tail, parcel.notify) == ("0971", False)


@pytest.mark.parametrize(
    ("tail", "number", "says"),
    [
        ("", "138001381", "line 2: phone: 11 digits of a mobile, or area code and number"),
        ("0971", MOBILE, "line 2: tail '0971': the phone in this line ends otherwise"),
    ],
)
def test_a_wrong_number_is_told_by_its_line_and_not_repeated(
    tail: str, number: str, says: str
) -> None:
    with pytest.raises(ManifestError) as refused:
        read(HEADER + f"FQ0000001,pingshang,{WAYBILL},{tail},{number}\n")
    assert says in str(refused.value)
    assert number not in str(refused.value)


def test_a_number_goes_to_the_county_alone_and_lies_there_sealed(tmp_path: Path) -> None:
    near = Near(tmp_path / "county")
    file = tmp_path / "run.csv"
    file.write_text(
        HEADER
        + f"FQ0000001,pingshang,{WAYBILL},,{MOBILE}\nFQ0000001,pingshang,SF123456,,{LANDLINE}\n"
    )
    with running(near):
        code, said = cunyi(
            "manifest",
            "import",
            str(file),
            str(near.folder),
            "--trip",
            "t-3",
            "--stop",
            "pingshang@2026-11-25T14:00",
        )
    assert code == 0, said
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    heard = str(far.shelf.bodies())
    assert "8123" in heard
    near.database.close()
    at_rest = b"".join(
        one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and one != file
    )
    for number in (MOBILE, LANDLINE, LANDLINE.replace("-", "")):
        assert number not in said
        assert number not in heard
        assert number.encode() not in at_rest


def test_a_sealed_number_is_opened_by_this_county_for_this_recipient_alone() -> None:
    sealed = VAULT.seal(phone_of(MOBILE), "r1")
    assert VAULT.unseal(sealed, "r1") == phone_of(MOBILE)
    assert VAULT.unseal(sealed, "r2") is None
    assert Vault(b"x" * 32).unseal(sealed, "r1") is None
    assert VAULT.unseal(b"", "r1") is None


def test_the_vault_opens_with_the_countys_own_keys(tmp_path: Path) -> None:
    keys = OwnKeys.create(tmp_path, CountyId("shangyou"), ("127.0.0.1",), NOON_MS)
    sealed = Vault.of(keys).seal(phone_of(MOBILE), "r1")
    changed = keys.change_identity()
    assert Vault.of(changed).unseal(sealed, "r1") == phone_of(MOBILE)
    (tmp_path / "ca" / "ca.key").unlink()
    with pytest.raises(StoreError, match=r"ca\.key cannot be read"):
        Vault.of(keys)


def test_two_parcels_of_one_number_have_one_recipient_and_his_link_is_in_no_table(
    tmp_path: Path,
) -> None:
    with open_county(tmp_path) as office:
        told(office, {WAYBILL: MOBILE, "SF123456": MOBILE, "SF123457": OTHER})
        assert counted(office) == (2, 3)
        with office.database.read() as connection:
            rows = list(connection.execute(select(RECIPIENTS)))
    links = [VAULT.link(row.recipient) for row in rows]
    assert all(len(link) == 22 for link in links)
    assert {VAULT.link_mark(link) for link in links} == {row.link_mark for row in rows}
    at_rest = b"".join(one.read_bytes() for one in tmp_path.rglob("county.db*"))
    assert not [link for link in links if link.encode() in at_rest]


def test_a_corrected_manifest_replaces_the_numbers_of_the_former(tmp_path: Path) -> None:
    with open_county(tmp_path) as office:
        told(office, {WAYBILL: MOBILE, "SF123456": OTHER})
        told(office, {WAYBILL: OTHER})
        assert counted(office) == (1, 1)


def test_a_number_is_dropped_seven_days_after_its_parcel_was_collected(tmp_path: Path) -> None:
    with open_county(tmp_path) as office:
        village = Village()
        village.check_in(WAYBILL, 7)
        village.check_in("SF123456", 8)
        village.pick_up(WAYBILL, 7)
        office.deliver(village)
        told(office, {WAYBILL: MOBILE, "SF123456": MOBILE, "SF999999": OTHER})
        collected = NOON_MS + village.seq * 1_000
        dropped = {}
        for days in (6, 8, 29, 31):
            with office.database.write() as connection:
                dropped[days] = drop_numbers(connection, collected + days * DAY_MS)
        assert dropped == {6: 0, 8: 1, 29: 0, 31: 1}
        assert counted(office) == (1, 1), "who still has a parcel here can still be told"
        village.pick_up("SF123456", 8)
        office.deliver(village, "n2")
        with office.database.write() as connection:
            late = NOON_MS + village.seq * 1_000 + KEPT_MS
            assert drop_numbers(connection, late) == 1
        assert counted(office) == (0, 0)
    assert NEVER_CAME_MS > KEPT_MS


def test_the_county_forgets_numbers_by_itself_once_an_hour(tmp_path: Path) -> None:
    now_ms = NOON_MS
    with open_county(tmp_path) as office:
        told(office, {WAYBILL: MOBILE})
        desk = RetentionDesk(office.database, mono_ms=lambda: now_ms, wall_ms=lambda: now_ms)
        assert list(desk.tick()) == []
        assert counted(office) == (1, 1)
        now_ms += NEVER_CAME_MS + DAY_MS
        village = Village()
        assert [*desk.welcomed(village.station, "s", 0, ""), *desk.committed(village.station)] == []
        assert list(desk.hear(village.station, Goodbye(clean=True))) == []
        desk.tick()
        assert counted(office) == (0, 0)
        told(office, {WAYBILL: MOBILE})
        now_ms += EVERY_MS - 1
        desk.tick()
        assert counted(office) == (1, 1), "not before its hour"
