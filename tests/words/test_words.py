"""Sentences: everything that can be said has words in both languages, and they fit together."""

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Mapping

import pytest

import edge.words
from edge.daemon import keepers
from edge.domain import answers
from edge.domain.facts import RefusalReason
from edge.domain.proxy_answers import ProxyAnswer, ProxyRefusal
from edge.domain.return_answers import ReturnAnswer, ReturnRefusal
from edge.kernel.masking import spaced_code
from edge.words import LANGUAGES, WORDS, blanks_of, say
from edge.words.sentence import Sentence

_SPOKEN = (
    answers.Answer,
    answers.Refusal,
    answers.CellReason,
    answers.RevokeReason,
    answers.Clip,
    RefusalReason,
    ReturnAnswer,
    ReturnRefusal,
    ProxyAnswer,
    ProxyRefusal,
)
ROOMS = sorted(
    module.name for module in pkgutil.iter_modules(edge.words.__path__) if module.name != "sentence"
)
PREFIXES = {room: {room} for room in ROOMS} | {
    "accounts": {"account"},
    "commissioning": {"commission", "scan"},
    "consent": {"county", "keeper"},
    "mobile": {"county", "mobile"},
    "notices": {"county", "messages", "notice"},
    "county_sync": {"county"},
    "devices": {"card_reader", "device", "printer", "scale", "scanner", "voice"},
    "dock": {"keeper"},
    "hamlets": {"county", "keeper", "kiosk", "slip"},
    "keeper_places": {"keeper"},
    "labels": {"keeper", "label", "printer"},
    "keeper_returns": {"keeper"},
    "places": {"county", "place", "slip"},
    "power": {"county", "keeper", "kiosk", "power"},
    "proxy": {"county", "keeper", "kiosk", "slip"},
    "remote": {"county", "keeper"},
    "returns": {"county", "keeper", "kiosk", "slip", "track"},
    "sync": {"county", "sync"},
    "tools": {"doctor"},
    "tracking": {"kiosk", "track"},
    "trips": {"county", "keeper", "slip"},
    "workbench": {"bench"},
}
AROUND_A_NUMBER = {"kiosk.cell", "kiosk.home"}
"""Words beside the big cell number: Chinese puts them behind it, English before it."""
_TORN = re.compile(r"[〔〕{}]|\s\s|\s[，。,.!?]|^[，。,.]")
_KEY = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


@pytest.mark.parametrize("key", sorted({key.value for enum in _SPOKEN for key in enum}))
def test_everything_that_the_core_answers_has_words(key: str) -> None:
    assert key in WORDS


@pytest.mark.parametrize(
    "key", ["unreadable", answers.NO_SIGN, "board_gone", "board_unsure", "board_refused"]
)
def test_what_the_shell_answers_has_words(key: str) -> None:
    assert key in WORDS


def test_every_refusal_of_the_counter_has_words() -> None:
    keys = set(re.findall(r'Refused\(\s*"(\w+)"', inspect.getsource(keepers)))
    assert {"pin_wrong", "keeper_exists"} <= keys
    assert keys <= WORDS.keys()


@pytest.mark.parametrize("room", ROOMS)
def test_a_sentence_is_there_in_both_languages_with_the_same_blanks(room: str) -> None:
    for key, (zh, en) in _table(room).items():
        empty = {text for text in (zh, en) if not text.strip()}
        assert key in AROUND_A_NUMBER or not empty, key
        assert blanks_of(zh) == blanks_of(en), key
        for text in (zh, en):
            optional = len(re.findall("〔[^〔〕]*〕", text))
            assert text.count("〔") == text.count("〕") == optional, key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_a_sentence_reads_well_with_full_and_with_empty_blanks(room: str, language: str) -> None:
    for key, sentence in _table(room).items():
        names, needed = blanks_of(sentence.zh), _needed(sentence)
        sevens = dict.fromkeys(needed, "7")
        full = say(key, language, **dict.fromkeys(names, "7"))
        bare = say(key, language, **sevens)
        assert bare == say(key, language, **dict.fromkeys(names - needed, ""), **sevens)
        for text in (full, bare):
            assert not _TORN.search(text), (key, text)


@pytest.mark.parametrize("room", ROOMS)
def test_keys_are_plain_and_carry_the_name_of_their_room(room: str) -> None:
    for key in _table(room):
        assert _KEY.fullmatch(key)
        if not room.startswith("answers") and room != "trip_answers":
            assert key.split(".")[0] in PREFIXES[room], key


def test_no_two_rooms_say_the_same_key() -> None:
    found = Counter(key for room in ROOMS for key in _table(room))
    assert [key for key, times in found.items() if times > 1] == []
    assert set(found) == set(WORDS)  # no room was forgotten


def test_a_table_that_repeats_a_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge.words.slip, "WORDS", {"kiosk.title": Sentence("又", "again")})
    with pytest.raises(ValueError, match=r"edge\.words\.slip says kiosk\.title again"):
        edge.words.join_rooms()


def test_an_optional_part_is_left_out_when_a_blank_of_it_is_empty() -> None:
    assert say("wrong_code", tries_left=2) == (
        "手机尾号或取件码不对。还能再试 2 次。请看着小票再输。"
    )
    assert say("wrong_code", tries_left="") == say("wrong_code") != say("wrong_code", tries_left=0)
    assert say("already_collected", "en", time="14:02") == (
        "This parcel was already collected at 14:02. If that was not you, tell the keeper."
    )


def test_blanks_are_filled_as_they_are() -> None:
    hostile = "{key} 〔{cell}〕 <b>"
    assert say("slip.parcel", carrier="", waybill_no=hostile) == hostile


def test_an_unknown_language_is_chinese() -> None:
    assert say("signed_out", "fr") == say("signed_out", "zh") != say("signed_out", "en")


def test_an_unknown_key_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError):
        say("no such key")


def test_a_forgotten_blank_is_a_bug_that_names_itself() -> None:
    with pytest.raises(ValueError, match="pin_locked needs minutes"):
        say("pin_locked")


@pytest.mark.parametrize(
    ("key", "blanks"),
    [
        ("slip.title", {}),
        ("slip.copy", {}),
        ("slip.cell", {"cell": "24"}),
        ("slip.tail", {"tail": "3865"}),
        ("slip.code", {}),
        ("slip.how", {}),
    ],
)
def test_a_line_of_the_slip_fits_the_narrow_paper(key: str, blanks: dict[str, str]) -> None:
    wide = sum(2 if ord(ch) > 0xFF else 1 for ch in say(key, **blanks))
    assert wide <= 32  # 384 dots at 12 a letter
    assert len(spaced_code("12345678")) * 3 <= 32


def test_a_station_answer_is_short_enough_to_be_read_at_a_glance() -> None:
    longest = {key: len(zh) for key, (zh, _) in edge.words.answers.WORDS.items() if len(zh) > 45}
    assert longest == {}


def _table(room: str) -> Mapping[str, Sentence]:
    table: Mapping[str, Sentence] = importlib.import_module(f"edge.words.{room}").WORDS
    return table


def _needed(sentence: Sentence) -> frozenset[str]:
    return frozenset().union(*(blanks_of(re.sub("〔[^〔〕]*〕", "", text)) for text in sentence))
