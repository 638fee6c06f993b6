"""Nothing that opens a door reaches a screen."""

import pytest

from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.web.as_json import as_json
from edge.web.keeper_screen import keeper_view
from edge.web.kiosk_screen import kiosk_view
from tests.web.support import scenes as s


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_hash_of_a_code_is_in_any_view(language: str) -> None:
    state = s.with_parcels(s.empty_state(s.policy()), s.parcel())
    state = s.with_door(s.with_visit(s.with_desk(state, checking_in=True)), Door.OPEN)
    told = s.announced(Reply(key="door_open", ok=True, cell=s.SEVEN))
    seen = s.seen(state, announcement=told)
    shown = as_json(kiosk_view(seen, language)) + as_json(keeper_view(seen, s.KEEPER, language))
    assert s.CANARY in str(state)
    assert s.CANARY not in shown


def test_the_kiosk_at_home_names_no_parcel_and_no_phone() -> None:
    state = s.with_parcels(s.empty_state(s.policy()), s.parcel())
    shown = as_json(kiosk_view(s.seen(state), "zh"))
    assert s.WAYBILL not in shown
    assert "3865" not in shown
