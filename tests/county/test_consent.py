"""R25b: who agreed to what, when and how, and who was not reached, as the county reads it."""

from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.office import Glance
from cloud_sync.county.tables import FACTS
from cloud_sync.county.web.sentences import fact_view
from edge.domain.advice import Consent
from edge.domain.consent_facts import Giver, How, NoContact, Wish
from edge.words import WORDS
from tests.county.village import NOON_MS, Village, open_county

WAYBILL = "YT7700123456"


def told() -> Village:
    village = Village()
    village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
    village.tell("parcel.consent_wanted", waybill_no=WAYBILL, said="no")
    village.tell("parcel.contact_tried", waybill_no=WAYBILL, result="no_answer", keeper="li")
    word: dict[str, Any] = {"wish": "cell", "how": "phone", "giver": "family", "keeper": "li"}
    village.tell("parcel.consent_noted", waybill_no=WAYBILL, **word)
    return village


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            [
                "待联系收件人（不同意投柜）",
                "li 联系过收件人：没接",
                "li 记下家人的意愿：同意放柜（电话）",
            ],
        ),
        (
            "en",
            [
                "The addressee is to be asked (said no)",
                "li tried to reach the addressee: no answer",
                "li noted the word of the family: a cell (by phone)",
            ],
        ),
    ],
)
def test_the_journal_of_the_county_tells_whose_word_it_was_and_how(
    tmp_path: Path, language: str, said: list[str]
) -> None:
    glance = Glance(now_ms=NOON_MS, language=language)
    with open_county(tmp_path) as county:
        county.deliver(told())
        with county.database.read() as connection:
            rows = list(connection.execute(FACTS.select().order_by(FACTS.c.number)))
    views = [fact_view(row, "坪上村站", glance) for row in rows]
    assert [view["text"] for view in views][1:] == said
    assert {view["waybill_no"] for view in views} == {WAYBILL}, "all stand in its trace"
    assert [view["mood"] for view in views][1:] == ["warn", "quiet", "quiet"]


@pytest.mark.parametrize(
    "key",
    [
        *(f"said.{said}" for said in Consent if said is not Consent.YES),
        *(f"wish.{wish}" for wish in Wish),
        *(f"how.{how}" for how in How),
        *(f"giver.{giver}" for giver in Giver),
        *(f"result.{result}" for result in NoContact),
    ],
)
def test_each_word_of_it_has_one_at_the_county(key: str) -> None:
    assert f"county.{key}" in WORDS
