"""Proxies as the keeper's page shows them: who waits for her word, and which codes are out."""

from dataclasses import dataclass

from edge.domain.parcel import Parcel
from edge.domain.proxies import Standing, standing
from edge.domain.proxy_code import ProxyCode
from edge.domain.proxy_visit import is_waiting
from edge.kernel.ids import WaybillNo
from edge.kernel.masking import short_waybill, yuan_text
from edge.web.places_view import marks_of, place_of
from edge.web.snapshot import Snapshot, moment_text
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCard:
    """A proxy waits for the keeper's word on one parcel; what must be seen stands here too."""

    credential: str
    waybill_no: str
    text: str
    parcel: str
    why: str
    yuan: str
    to_sign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCodeLine:
    """One code of today: for whom, for what, and how it stands. Parcels are found by any part."""

    credential: str
    waybill_no: str
    tail: str
    place: str
    who: str
    parcels: str
    word: str
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxiesView:
    """All about proxies."""

    waiting: tuple[ProxyCard, ...]
    codes: tuple[ProxyCodeLine, ...]


def proxies_view(seen: Snapshot, language: str) -> ProxiesView:
    """Whoever waits longest first; the newest code first."""
    state, now = seen.state, seen.now
    waiting = [
        (code, waybill_no)
        for code in state.proxies
        if is_waiting(state, code, now)
        for waybill_no in code.left
        if standing(state, code, waybill_no, now) is Standing.WAITS
    ]
    waiting.sort(key=lambda one: one[0].shown_at.mono_ms if one[0].shown_at else 0)
    return ProxiesView(
        waiting=tuple(_card(seen, code, waybill_no, language) for code, waybill_no in waiting),
        codes=tuple(
            _code(seen, code, language)
            for code in reversed(state.proxies)
            if code.left or code.gone  # a pass that was taken back unseen is for nothing here
        ),
    )


def who_for_whom(code: ProxyCode, language: str) -> str:
    """E.g. 王**（家人）代 刘** 尾号 3865. Of a pass there are no names."""
    if code.is_pass:
        return say("keeper.proxy.pass", language, tail=code.phone_tail)
    return say(
        "keeper.proxy.who",
        language,
        proxy=code.proxy,
        relation=say(f"keeper.relation.{code.relation.value}", language),
        owner=code.owner,
        tail=code.phone_tail,
    )


def _card(seen: Snapshot, code: ProxyCode, waybill_no: WaybillNo, language: str) -> ProxyCard:
    parcel = seen.state.parcels[waybill_no]
    return ProxyCard(
        credential=code.credential,
        waybill_no=waybill_no,
        text=who_for_whom(code, language),
        parcel=f"{parcel.carrier} {short_waybill(waybill_no)} · {place_of(parcel, language)}",
        why=_why(seen, code, parcel, language),
        yuan=yuan_text(parcel.cash_due_fen) if parcel.cash_due_fen else "",
        to_sign=parcel.to_sign_for,
    )


def _why(seen: Snapshot, code: ProxyCode, parcel: Parcel, language: str) -> str:
    marked = marks_of(seen, parcel, language).text
    if marked:
        return marked
    if parcel.slot is not None:
        return say("keeper.proxy.shelf", language)
    return say(f"keeper.proxy.{'clock_unsure' if code.is_pass else 'day_unsure'}", language)


def _code(seen: Snapshot, code: ProxyCode, language: str) -> ProxyCodeLine:
    parcels = (*code.left, *code.gone)
    left = [seen.state.parcels[one] for one in code.left]
    ended = "used" if code.ended is None else code.ended.value
    how = say(f"keeper.proxy.{'live' if code.live else ended}", language)
    made = moment_text(code.made_at.wall_lo_ms, seen.now, language)
    return ProxyCodeLine(
        credential=code.credential,
        waybill_no=" ".join(parcels),
        tail=code.phone_tail,
        place=" · ".join(place_of(parcel, language) for parcel in left),
        who=who_for_whom(code, language),
        parcels=" ".join(map(short_waybill, parcels)),
        word=f"{how} · {made}",
        live=code.live,
    )
