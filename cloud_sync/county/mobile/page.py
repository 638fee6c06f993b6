"""M1 我的包裹, M2 取件码 and M8 站点 as one page: all of it inside, so that it goes on
without signal.

M3 代取授权 and M9 投诉帮助 are pages beside it, and one more stands behind a link of its own for
whoever comes instead.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as TooLate
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from cloud_sync.county.complaints.book import KINDS, MOST_TEXT, complain, complaints_of
from cloud_sync.county.database import Database
from cloud_sync.county.mobile import passes
from cloud_sync.county.mobile.complaint_view import complaint_view
from cloud_sync.county.mobile.parcels import WAITING, MyParcel, parcels_of, recipient_of
from cloud_sync.county.mobile.pass_views import for_owner, for_proxy
from cloud_sync.county.mobile.picture import as_data, code_picture
from cloud_sync.county.mobile.sayings import About, Saying, moment
from cloud_sync.county.mobile.station_view import station_views
from cloud_sync.county.recipients.vault import Vault
from edge.kernel.errors import StoreError
from edge.kernel.masking import short_waybill, spaced_code
from edge.look import make_templates

PAGES: Final = Path(__file__).parent / "pages"
_NO_DRAFT: Final = {"kind": "", "waybill_no": "", "said": ""}
_ENDED: Final = {"picked_up": "picked_up", "returned": "returned"}
_MOODS: Final = {"ready": "ok", "going_back": "warn", "to_ask": "warn", "ask_keeper": "warn"}


class PhonePages:
    """Makes the pages. Every method may raise StoreError."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        about: About,
        office: passes.PassOffice,
        wall_ms: Callable[[], int],
    ) -> None:
        self._database, self._vault, self._about, self._wall_ms = database, vault, about, wall_ms
        self._office = office
        self._opener = vault.code_opener()
        self._templates = make_templates(PAGES)

    def of(self, link: str, *, big: bool) -> str | None:
        """The page that a link opens; None for a link of nobody."""
        with self._database.read() as connection:
            recipient = recipient_of(connection, self._vault, link)
            if recipient is None:
                return self._of_proxy(connection, link, big=big)
            mine = parcels_of(connection, self._opener, recipient)
            now_ms = self._wall_ms()
            stations = station_views(connection, mine, self._about.counters, now_ms)
        shown = [_view(parcel) for parcel in mine]
        return self._render(
            "mobile.html",
            big,
            parcels=shown,
            stations=stations,
            sends=f"{link}/proxy" if any(map(passes.may_be_sent_for, mine)) else "",
            help=f"{link}/help",
            now=moment(now_ms),
        )

    def proxies(self, link: str, *, big: bool, trouble: str = "") -> str | None:
        """M3: whom to send, for what, and what was made of it; None for a link of nobody."""
        with self._database.read() as connection:
            recipient = recipient_of(connection, self._vault, link)
            if recipient is None:
                return None
            mine = parcels_of(connection, self._opener, recipient)
            made = passes.passes_of(connection, recipient, self._wall_ms())
        waiting = [parcel for parcel in mine if passes.may_be_sent_for(parcel)]
        return self._render(
            "passes.html",
            big,
            link=link,
            trouble=trouble,
            parcels=[for_owner(one, made, self._office, self._share) for one in waiting],
        )

    def asked(self, link: str, *, parcel: str = "", taken_back: str = "") -> str | None:
        """Make a pass for a parcel, or take one back. Tells the key of what is in the way, and
        None for a link of nobody.
        """
        vault, now_ms = self._vault, self._wall_ms()
        with self._database.read() as connection:
            recipient = recipient_of(connection, vault, link)
        if recipient is None:
            return None

        def job(connection: Connection) -> str:
            if taken_back:
                return passes.revoke(connection, self._office.put, recipient, taken_back, now_ms)
            mine = parcels_of(connection, self._opener, recipient)
            wanted = next((one for one in mine if one.waybill_no == parcel), None)
            return passes.make(connection, vault, recipient, wanted, now_ms)

        return self._written(job)

    def help(
        self, link: str, *, big: bool, trouble: str = "", draft: Mapping[str, str] = _NO_DRAFT
    ) -> str | None:
        """M9: what to write to the county, and what it answered; None for a link of nobody."""
        with self._database.read() as connection:
            recipient = recipient_of(connection, self._vault, link)
            if recipient is None:
                return None
            mine = parcels_of(connection, self._opener, recipient)
            written = complaints_of(connection, recipient)
        return self._render(
            "help.html",
            big,
            link=link,
            trouble=trouble,
            draft=draft,
            kinds={kind: f"mobile.help.kind.{kind}" for kind in KINDS},
            most=MOST_TEXT,
            parcels=[{"waybill_no": one.waybill_no, "name": _name(one)} for one in mine],
            complaints=[complaint_view(row) for row in written],
        )

    def complained(self, link: str, said: Mapping[str, str]) -> str | None:
        """Keep a complaint. Tells the key of what is in the way, None for a link of nobody."""
        with self._database.read() as connection:
            recipient = recipient_of(connection, self._vault, link)
        if recipient is None:
            return None

        def job(connection: Connection) -> str:
            mine = {one.waybill_no for one in parcels_of(connection, self._opener, recipient)}
            return complain(connection, recipient, said, mine, self._wall_ms())

        return self._written(job)

    def _written(self, job: Callable[[Connection], str]) -> str:
        try:
            return self._office.work(job).result(timeout=self._office.patience_s)
        except TooLate as cause:
            raise StoreError("the county is too busy to write") from cause

    def _share(self, pass_id: str) -> str:
        return f"{self._about.pages}/m/{self._vault.pass_link(pass_id)}"

    def _of_proxy(self, connection: Connection, link: str, *, big: bool) -> str | None:
        row = passes.pass_behind(connection, self._vault, link)
        if row is None:
            return None
        shown = for_proxy(row, self._office, self._about.counters, self._wall_ms())
        return self._render("pass.html", big, **shown)

    def of_nobody(self, key: str, *, big: bool = False) -> str:
        """A page that says what is the matter, and tells nothing of anybody."""
        return self._render("nobody.html", big, key=key)

    def _render(self, template: str, big: bool, **shown: Any) -> str:  # noqa: FBT001 - its own
        return self._templates.get_template(template).render(
            lang="zh",
            big=big,
            simulated=False,
            county=self._about.county,
            phone=self._about.phone,
            **shown,
        )


def _view(parcel: MyParcel) -> dict[str, Any]:
    state = _state(parcel)
    over = parcel.ended_ms is not None
    shown = {
        "state": Saying(
            key=f"mobile.state.{state}",
            blanks={} if parcel.ended_ms is None else moment(parcel.ended_ms),
        ),
        "mood": "off" if over else _MOODS.get(state, "note"),
        "over": over,
        "station": "" if over else parcel.station,
        "place": None if over else _place(parcel),
        "keep": None
        if parcel.keep_until_ms is None
        else Saying(key="mobile.keep", blanks=moment(parcel.keep_until_ms)),
        "name": _name(parcel),
        "how": "mobile.how_slot" if parcel.slot else "mobile.how",
        "on_slip": parcel.stage == WAITING and parcel.code is None and not parcel.to_ask,
        "digits": "",
        "picture": "",
    }
    if parcel.code is not None:
        shown["digits"] = spaced_code(parcel.code.digits)
        shown["picture"] = as_data(code_picture(parcel.code.token, parcel.code.digits))
    return shown


def _name(parcel: MyParcel) -> str:
    return f"{parcel.carrier} {short_waybill(parcel.waybill_no)}".strip()


def _state(parcel: MyParcel) -> str:
    if parcel.ended_ms is not None:
        ended = _ENDED.get(parcel.stage, "ask_keeper")
        return "by_proxy" if ended == "picked_up" and parcel.by_proxy else ended
    if not parcel.stage:
        return "on_its_way"
    if parcel.to_ask:
        return "to_ask"
    if parcel.stage == "bagged" or parcel.going_back:
        return "going_back"
    return {WAITING: "ready", "received": "received"}.get(parcel.stage, "ask_keeper")


def _place(parcel: MyParcel) -> Saying | None:
    if parcel.cell is not None:
        return Saying(key="mobile.place.cell", blanks={"cell": parcel.cell})
    if parcel.slot:
        return Saying(key="mobile.place.slot", blanks={"slot": parcel.slot})
    return None
