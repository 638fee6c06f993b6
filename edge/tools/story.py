"""`cunyi demo --story`: check-in and pickup by script, and the county must have every fact."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from typing import Any, Final

from edge.tools.children import cunyi
from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, StoryError, Visitor, wait_for

CODE_ON_PAPER: Final = re.compile(r"\b(\d{4}) (\d{4})\b")
SYNC_WITHIN_S: Final = 60.0
_TAILS: Final = ("3865", "0971")


def play(house: House, *, wipe_broker: bool, tell: Callable[[str], None] = print) -> int:
    """Play the story in a running house. Returns 0; raises StoryError where it goes wrong.

    `wipe_broker` kills the broker between check-in and pickup, deletes all that it kept and
    starts it again.
    """
    # Waybill numbers of a run are its own, so that a kept folder can be played again.
    start = time.time_ns() // 1_000_000
    waybills = [f"YT{start + n:013d}" for n in range(len(_TAILS))]
    with (
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
        Hands(house.workbench_address) as hands,
    ):
        keeper.sign_in()
        keeper.check_in(on=True)
        tell("keeper   signed in, check-in is on")
        cells = [
            check_in(keeper, hands, waybill_no, tail)
            for waybill_no, tail in zip(waybills, _TAILS, strict=True)
        ]
        tell(f"keeper   two parcels are in cells {cells[0]} and {cells[1]}, two slips are out")
        keeper.check_in(on=False)
        if wipe_broker:
            house.broker.kill()
            house.broker.wipe()
            tell("broker   killed and wiped")
        collect_by_slip(hands, paper=_paper(hands, waybills[0]), cell=cells[0])
        tell(f"villager scanned the printed slip: door {cells[0]} and no other opened")
        if wipe_broker:
            house.broker.start()
            tell("broker   started again, with nothing in it")
        collect_by_code(kiosk, hands, _paper(hands, waybills[1]), _TAILS[1], cells[1])
        tell(f"villager typed the code: door {cells[1]} and no other opened")
    facts = wait_until_county_has_all(house)
    tell(f"county   has all {facts} facts, each once, hash by hash")
    return 0


def check_in(keeper: Keeper, hands: Hands, waybill_no: str, tail: str) -> int:
    """One parcel from the scan to the slip. Returns its cell."""
    papers = len(hands.bench()["papers"])
    hands.scan(waybill_no)
    cell = hands.wait_for_open_door()
    hands.act(cell, "put-in")
    hands.shut(cell)
    keeper.type_tail(waybill_no, tail)
    wait_for("a slip", lambda: len(hands.bench()["papers"]) > papers)
    return cell


def collect_by_slip(hands: Hands, *, paper: int, cell: int) -> None:
    """Read the QR from the printed picture, hold it before the scanner, take the parcel."""
    hands.post(f"/api/papers/{paper}/scan")
    _take(hands, cell)


def collect_by_code(kiosk: Visitor, hands: Hands, paper: int, tail: str, cell: int) -> None:
    """Type the phone tail and the code on the slip at the kiosk, take the parcel."""
    text = "\n".join(_paper_of(hands, paper)["text"])
    code = CODE_ON_PAPER.search(text)
    if code is None:
        raise StoryError(f"there is no code on the slip: {text!r}")
    kiosk.post("/api/kiosk/code", phone_tail=tail, digits=code[1] + code[2])
    _take(hands, cell)


def _take(hands: Hands, cell: int) -> None:
    opened = hands.wait_for_open_door()
    if opened != cell:
        raise StoryError(f"door {opened} opened instead of {cell}")
    hands.act(cell, "take-out")
    hands.shut(cell)


def _paper(hands: Hands, waybill_no: str) -> int:
    for paper in hands.bench()["papers"]:
        if any(waybill_no in line for line in paper["text"]):
            return int(paper["paper"])
    raise StoryError(f"no slip names {waybill_no}")


def _paper_of(hands: Hands, number: int) -> Any:
    return next(paper for paper in hands.bench()["papers"] if paper["paper"] == number)


def wait_until_county_has_all(house: House) -> int:
    """Compare journal and county, fact by fact, until equal. Returns how many facts.

    Raises StoryError with the difference when they are not equal in time.
    """

    def compare() -> int | None:
        journal = journal_of(house)
        return len(journal) if county_facts(house) == journal else None

    return wait_for("the county to have every fact", compare, SYNC_WITHIN_S)


def journal_of(house: House) -> list[tuple[int, str]]:
    """Sequence and hash of every fact in the station's journal, oldest first."""
    return [(fact["seq"], fact["hash"]) for fact in read_journal(house)]


def read_journal(house: House) -> list[dict[str, Any]]:
    """Every fact of the station's journal as `cunyi journal export` prints it, oldest first."""
    done = subprocess.run(
        cunyi("journal", "export", str(house.station_folder)),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode != 0:
        raise StoryError(f"journal export: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def county_facts(house: House) -> list[tuple[int, str]]:
    """Sequence and hash of every fact of the station at the county, oldest first."""
    facts: list[tuple[int, str]] = []
    with Visitor(house.county_address) as county:
        while page := county.get(
            "/api/facts", station=STATION_ID, after=facts[-1][0] if facts else 0, limit=500
        )["facts"]:
            facts += [(fact["seq"], fact["hash"]) for fact in page]
    return facts
