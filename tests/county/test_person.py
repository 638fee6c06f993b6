"""One person's data: told in full to whoever may ask for them, and erased when they ask for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Table
from typer.testing import CliRunner

from cloud_sync.county.mobile.passes import forget_of
from cloud_sync.county.recipients.asks import person_asks
from cloud_sync.county.recipients.book import keep_phones
from cloud_sync.county.recipients.person import erase, told_of
from cloud_sync.county.tables import NOTICE_PARCELS, NOTICES, RECIPIENT_PARCELS, RECIPIENTS
from edge.cli import app
from tests.county.phones import HIS, MINE, VAULT
from tests.county.stream_ends import Near
from tests.county.test_recipients import phone_of
from tests.county.test_stream_asked import running
from tests.county.town import GATHER_MS, Town, open_town
from tests.county.village import NOON_MS

YT, SF, JT = "YT7700123456", "SF1234567890", "JT5100000001"
SAID: dict[str, Any] = {"wish": "cell", "how": "phone", "giver": "family", "keeper": "li"}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Two parcels of mine and one of his have come; of one of mine my family agreed to a cell."""
    with open_town(tmp_path) as town:
        town.arrives(YT, 7)
        town.arrives(SF, 8)
        town.arrives(JT, 9, HIS)
        town.village.tell("parcel.consent_noted", waybill_no=YT, **SAID)
        town.hear()
        town.after(0)
        assert len(town.after(GATHER_MS)) == 2
        yield town


def known(town: Town, number: str) -> dict[str, Any] | None:
    return town.write(lambda connection: told_of(connection, VAULT, phone_of(number)))


def erased(town: Town, number: str) -> int | None:
    return town.write(lambda connection: erase(connection, VAULT, phone_of(number)))


def rows(town: Town, table: Table) -> int:
    return len(town.phones.open.county.rows(table))


def test_a_person_is_told_all_that_is_kept_of_them_and_nothing_of_anybody_else(town: Town) -> None:
    told = known(town, "+86 138 0013 8123")
    assert told is not None
    assert (told["phone"], told["known_since"]) == (MINE, "2026-11-24T12:00+08:00")
    sf, yt = told["parcels"]
    assert (sf["waybill_no"], yt["waybill_no"]) == (SF, YT)
    (stay,) = yt["stays"]
    assert (stay["station"], stay["stage"], stay["agreed_to"], stay["agreed_by"]) == (
        "pingshang",
        "stored",
        "cell",
        "family",
    )
    assert sf["stays"][0]["agreed"] == ""
    (notice,) = told["notices"]
    assert (notice["about"], notice["state"], notice["way"]) == ("arrived", "told", "wechat")
    assert HIS not in json.dumps(told)
    assert JT not in json.dumps(told)


def test_what_a_person_is_told_opens_no_page(town: Town) -> None:
    link = town.phones.link(YT).rpartition("/")[2]
    assert link not in json.dumps(known(town, MINE))


def test_who_is_erased_leaves_neither_number_nor_page_nor_notice(town: Town) -> None:
    page, his = town.phones.link(YT), town.phones.link(JT)
    assert erased(town, MINE) == 2
    assert known(town, MINE) is None
    assert httpx.get(page).status_code == 404
    assert httpx.get(his).status_code == 200
    tables = (RECIPIENTS, RECIPIENT_PARCELS, NOTICES, NOTICE_PARCELS)
    assert [rows(town, table) for table in tables] == [1, 1, 1, 1]
    assert erased(town, MINE) is None, "there is nothing left"


def test_who_is_erased_before_a_notice_went_out_is_not_told(tmp_path: Path) -> None:
    with open_town(tmp_path) as town:
        town.arrives(YT, 7)
        town.after(0)
        erased(town, MINE)
        assert town.after(GATHER_MS) == []


@contextmanager
def at_the_counter(folder: Path) -> Iterator[Near]:
    """A running county that was told of one parcel of mine."""
    near = Near(folder)
    with near.database.write() as connection:
        keep_phones(connection, VAULT, "t-3", {YT: phone_of(MINE)}, NOON_MS)

    def end_passes(connection: Connection, recipient: str) -> None:
        forget_of(connection, near.desk.put, recipient, NOON_MS)

    with running(near, person_asks(near.desk, near.database, VAULT, end_passes)):
        yield near


def cunyi(*words: str, typed: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["county", "person", *words], input=typed)
    return done.exit_code, done.output + str(done.exception or "")


def test_by_command_a_person_is_told_and_erased_and_the_number_stands_on_no_command_line(
    tmp_path: Path,
) -> None:
    with at_the_counter(tmp_path / "county") as near:
        folder = str(near.folder)
        code, said = cunyi("export", folder, typed=f"{MINE}\n")
        assert code == 0
        told = json.loads(said[said.index("{") :])
        assert [one["waybill_no"] for one in told["parcels"]] == [YT]
        assert cunyi("erase", folder, typed=f"{MINE}\nn\n")[0] != 0
        assert "of 1 parcels" in cunyi("erase", folder, typed=f"{MINE}\ny\n")[1]
        assert "nothing is known" in cunyi("export", folder, typed=f"{MINE}\n")[1]
        assert "nothing is known" in cunyi("erase", folder, "--yes", typed=f"{MINE}\n")[1]
        assert "no phone number" in cunyi("export", folder, typed="8123\n")[1]
