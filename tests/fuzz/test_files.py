"""Files that people write and carry: what is wrong is told in a sentence, never by a traceback."""

import random
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import tomlkit

from cloud_sync.county.durability.backups import make_backup, restore_backup
from cloud_sync.county.identity import key_safe
from cloud_sync.county.identity.key_safe import lock_keys, unlock_keys
from cloud_sync.county.identity.own_keys import CARD, OwnKeys
from cloud_sync.county.settings import read_county_settings
from cloud_sync.wire.grant import pack_grant
from cloud_sync.wire.messages import GrantBody, Position
from cloud_sync.wire.snapshot import SnapshotBody, pack_snapshot
from cloud_sync.wire.trust.county_card import read_card
from cloud_sync.wire.trust.enrolment import (
    EnrolmentCode,
    Request,
    ask,
    code_named,
    read_answer,
    read_renewal,
    read_renewed,
    read_request,
)
from edge.daemon.county.grants import receive_grant
from edge.daemon.county.handover import Handover, read_handover, snapshot_to_send
from edge.domain.state_codec import decode_state, encode_state
from edge.kernel.errors import ConfigError, CunyiError
from edge.kernel.ids import CountyId, Seq, StationId
from edge.settings import policy_of, read_settings
from edge.store.database import Store
from edge.store.snapshots import make_snapshot
from tests.county.test_settings import GOOD as GOOD_COUNTY
from tests.county.village import NOON_MS, Village, open_county
from tests.daemon.parts import POLICY
from tests.daemon.test_settings import GOOD as GOOD_STATION
from tests.domain.house import House
from tests.fuzz.good_messages import place
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil, spoil_value
from tests.wire.ends import STATION

HERE: Final = CountyId("shangyou")
_DEEP: Final = (
    b"\nx = " + b"[" * 3_000,
    b"\nx = " + b"9" * 5_000,
    b"\nx = 1e99999",
    b"\nx = nan",
    b"\nx = 0xff\ny = 1979-05-27T07:32:00Z",
    b"\n[" + b"a." * 2_000 + b"a]",
    b"\n\x00",
    b"\xff\xfe",
    b'\nx = "\\ud800"',
)


def spoilt_toml(good: str) -> Callable[[random.Random], bytes]:
    """A settings file as an editor, a stick or a person may leave it."""
    table, written = tomllib.loads(good), good.encode()

    def make(chance: random.Random) -> bytes:
        how = chance.random()
        if how < 0.1:
            at = chance.randrange(len(written))
            return written[:at] + chance.choice(_DEEP) + written[at:]
        if how < 0.5:
            return spoil(chance, written, [written])
        tree: Any = table
        for _ in range(chance.choice((1, 1, 2))):
            tree = spoil_value(chance, tree)
        return _as_toml(tree)

    return make


def _as_toml(tree: Any) -> bytes:
    try:
        return tomlkit.dumps(tree).encode()
    except (TypeError, ValueError, AttributeError, UnicodeEncodeError):  # no TOML says this
        return repr(tree).encode("utf-8", "replace")


def check_complaint(complaint: ConfigError, file: Path) -> None:
    """It names the file, what is wrong there, and what to do."""
    assert complaint.file == str(file)
    assert complaint.problem.strip()
    assert complaint.fix.strip()
    assert "Traceback" not in str(complaint)
    assert len(str(complaint)) < 10_000


def test_station_toml_is_read_or_refused_with_file_key_and_fix(tmp_path: Path) -> None:
    file, read = tmp_path / "station.toml", 0

    def try_one(text: bytes) -> None:
        nonlocal read
        file.write_bytes(text)
        try:
            settings = read_settings(tmp_path)
        except ConfigError as complaint:
            check_complaint(complaint, file)
            return
        read += 1
        assert policy_of(settings).cells
        assert settings.ports()

    hunt("station-toml", spoilt_toml(GOOD_STATION), try_one)
    assert read


def test_county_toml_is_read_or_refused_with_file_key_and_fix(tmp_path: Path) -> None:
    file, read = tmp_path / "county.toml", 0

    def try_one(text: bytes) -> None:
        nonlocal read
        file.write_bytes(text)
        try:
            read_county_settings(tmp_path)
        except ConfigError as complaint:
            check_complaint(complaint, file)
            return
        read += 1

    hunt("county-toml", spoilt_toml(GOOD_COUNTY), try_one)
    assert read


@pytest.mark.parametrize(
    ("name", "read"), [("station.toml", read_settings), ("county.toml", read_county_settings)]
)
def test_settings_that_are_a_folder_are_refused(
    tmp_path: Path, name: str, read: Callable[[Path], object]
) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ConfigError) as caught:
        read(tmp_path)
    check_complaint(caught.value, tmp_path / name)


# -- what is carried from one machine to another


def in_words(work: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """Either it is taken, or it is refused by an error of ours."""

    def try_one(data: bytes) -> None:
        with suppress(CunyiError):
            work(data)

    return try_one


def spoilt(*good: bytes) -> Callable[[random.Random], bytes]:
    """Bytes with damage, or JSON whose values are others."""

    def make(chance: random.Random) -> bytes:
        one = chance.choice(good)
        if chance.random() < 0.5 and one[:1] == b"{":
            if chance.random() < 0.05:
                return one[:1] + b'"x":' + b"[" * 4_000 + b"]" * 4_000 + b"," + one[1:]
            return _json(spoil_value(chance, msgspec.json.decode(one)))
        return spoil(chance, one, good)

    return make


def _json(tree: Any) -> bytes:
    try:
        return msgspec.json.encode(tree)
    except (OverflowError, ValueError):
        return repr(tree).encode("utf-8", "replace")


def test_enrolment_papers_are_read_or_refused() -> None:
    code = EnrolmentCode.read("0123-4567-89AB-CDEF")
    request = Request(
        county="shangyou",
        station="pingshang",
        sign=STATION.public.sign.hex(),
        seal=STATION.public.seal.hex(),
        csr="-----BEGIN CERTIFICATE REQUEST-----",
        machine="m",
        hosts=["pingshang.local"],
    )
    asked = ask(request, code, STATION)

    def read(data: bytes) -> None:
        for work in (
            code_named,
            lambda one: read_request(one, code.mac_key),
            lambda one: read_answer(one, code, asked),
            read_renewal,
            read_renewed,
            lambda one: EnrolmentCode.read(one.decode("utf-8", "replace")),
        ):
            in_words(work)(data)

    hunt("enrolment", spoilt(asked, code.text.encode()), read)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    folder.mkdir()
    OwnKeys.create(folder, HERE, ("localhost",), NOON_MS)
    return folder


def test_a_county_card_is_read_or_refused(keys: Path) -> None:
    card = (keys / CARD).read_bytes()
    good = read_card(card)

    def read(data: bytes) -> None:
        with suppress(CunyiError):
            assert read_card(data, ca=good.ca) == good, "a card that was changed holds"

    hunt("county-card", spoilt(card), read)


def test_the_keys_from_the_safe_are_opened_or_refused(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_safe, "_COST", 2)  # nobody guesses here
    locked = lock_keys(keys, HERE, "a long passphrase")
    work = in_words(lambda data: unlock_keys(data, HERE, "a long passphrase"))
    hunt("key-safe", spoilt(locked), work)


def a_state() -> bytes:
    """Of a station that has a parcel in hand."""
    house = House("SSML").see_all_shut()
    house.enter()
    house.check_in_on()
    house.scan()
    return encode_state(house.state)


def test_a_state_and_a_snapshot_are_read_or_refused() -> None:
    state, read = a_state(), 0
    told = Handover(
        at=place(), key="5e" * 32, keepers={"李店主": "$argon2id$"}, state=msgspec.Raw(state)
    )

    def read_one(data: bytes) -> None:
        nonlocal read
        read_handover(data)
        read += 1

    hunt("state", spoilt(state), in_words(decode_state))
    hunt("snapshot", spoilt_snapshots(msgspec.json.encode(told)), in_words(read_one))
    assert read, "nothing spoilt was ever a snapshot: these mutations do not come far"


def spoilt_snapshots(handover: bytes) -> Callable[[random.Random], bytes]:
    """Damage to what is packed, which a county may do, or to the packet, which a line may do."""
    packed, inside = pack_snapshot(a_body(handover)), spoilt(handover)

    def make(chance: random.Random) -> bytes:
        if chance.random() < 0.3:
            return spoil(chance, packed, [packed])
        return pack_snapshot(a_body(inside(chance)))

    return make


def a_body(handover: bytes) -> SnapshotBody:
    return SnapshotBody(state=msgspec.Raw(handover), cells=[], parcels=[])


def spoilt_grants(good: GrantBody) -> Callable[[random.Random], bytes]:
    """Packed as the county does; the GRANT, its snapshot, its tail or the bytes are not what they
    were.
    """
    village = Village()
    village.check_in("YT7700123456", 7)
    facts = [bytes(fact) for fact in village.batch("5e" * 16, 0).facts]

    def make(chance: random.Random) -> bytes:
        if chance.random() < 0.3:
            return spoil(chance, pack_grant(good), [good.snapshot])
        if chance.random() < 0.3:
            tail = [
                spoilt(fact)(chance) for fact in chance.choices(facts, k=chance.randrange(1, 4))
            ]
            return pack_grant(msgspec.structs.replace(good, tail=tail))
        tree = spoil_value(chance, msgspec.to_builtins(good, builtin_types=(bytes,)))
        try:
            return pack_grant(msgspec.convert(tree, GrantBody, strict=False))
        except msgspec.ValidationError:
            snapshot = spoil(chance, good.snapshot, [pack_grant(good)])
            return pack_grant(msgspec.structs.replace(good, snapshot=snapshot))

    return make


def test_a_grant_is_kept_for_the_next_start_or_refused_and_leaves_nothing(tmp_path: Path) -> None:
    Store.create(tmp_path, HERE, StationId("pingshang"))
    store = Store.open(tmp_path)
    try:
        kept = make_snapshot(a_state(), seq=Seq(0), digest=bytes(32), ran_ms=1, wall_ms=NOON_MS)
        good = grant_body(snapshot_to_send(store, kept).data)
        before = sorted(file.name for file in tmp_path.iterdir())

        def receive(data: bytes) -> None:
            try:
                receive_grant(tmp_path, POLICY, store, data)
            except CunyiError:
                assert sorted(file.name for file in tmp_path.iterdir()) == before
            else:
                (tmp_path / "grant.new").unlink()
                (tmp_path / "grant.known").unlink()

        receive(pack_grant(good))
        hunt("grant", spoilt_grants(good), receive)
    finally:
        store.close()


def grant_body(snapshot: bytes) -> GrantBody:
    """A GRANT that this station would take."""
    return GrantBody(
        grant="ab" * 8 + ".1.0." + "00" * 32 + "." + "cd" * 32,
        station="pingshang",
        epoch=2,
        parent=Position(epoch=1, seq=0, hash="00" * 32),
        snapshot_seq=0,
        snapshot=snapshot,
        tail=[],
        fence=0,
        state_seq=0,
        reason="换卡",
        made_ms=NOON_MS,
    )


def test_a_backup_that_was_damaged_is_not_put_back_and_the_county_stays(tmp_path: Path) -> None:
    folder, place, other = tmp_path / "county", tmp_path / "stick", tmp_path / "other"
    place.mkdir()
    with open_county(folder):
        pass
    backup = make_backup(folder, place, NOON_MS)
    whole = backup.path.read_bytes()
    proof = backup.path.with_name(f"{backup.path.name}.sha256").read_bytes()
    other.mkdir()
    file = other / backup.path.name
    before = (folder / "county.db").read_bytes()

    def restore(data: bytes) -> None:
        file.write_bytes(data)
        file.with_name(f"{file.name}.sha256").write_bytes(proof)
        if data == whole:
            return
        with pytest.raises(CunyiError):
            restore_backup(folder, file)
        assert (folder / "county.db").read_bytes() == before

    def spoil_page(chance: random.Random) -> bytes:
        at = chance.randrange(len(whole))
        return whole[:at] + spoil(chance, whole[at : at + 64], [whole[:64]]) + whole[at + 64 :]

    hunt("backup", spoil_page, restore)
