"""What time alone brings about, and when to look again. Durations are monotonic, of one boot."""

from edge.domain import boots, overdue, proxies
from edge.domain.answers import NO_SIGN, Clip
from edge.domain.decision import Decision
from edge.domain.door import Door, DoorState
from edge.domain.effects import Beep, Effect, Say
from edge.domain.facts import DoorLeftOpen, DoorReminded, DoorShut, Fact, Purpose
from edge.domain.inputs import TimePassed
from edge.domain.policy import Policy
from edge.domain.pulse import can_pulse_again
from edge.domain.settlement import cut_short, left_open, silence
from edge.domain.state import State, auth_at
from edge.kernel.ids import CellId
from edge.kernel.time import Instant


def time_passed(state: State, told: TimePassed, policy: Policy) -> Decision:
    """Every door whose time is up, and the boot. None touches another, so one look serves all."""
    stays = overdue.come_due(state, told.at, policy)
    facts: tuple[Fact, ...] = (
        *boots.lasted(state, told.at, policy),
        *stays.facts,
        *proxies.run_out(state, told.at),
    )
    effects: tuple[Effect, ...] = stays.effects
    for cell, door in sorted(state.doors.items()):
        due_ms = _due_ms(state, cell, door, policy)
        age_ms = _age_ms(door, told.at)
        if due_ms is not None and age_ms >= due_ms:
            more = _overdue(state, cell, door, age_ms, policy)
            facts += more
            if door.door is Door.OPEN:
                effects += (Say(clip=Clip.DOOR_LEFT_OPEN, cell=cell),)
            if any(isinstance(fact, DoorLeftOpen) for fact in more):
                effects += (Beep(cell=cell),)
    return Decision(facts=facts, effects=effects)


def next_deadline_ms(state: State, policy: Policy, now: Instant) -> int | None:
    """How long until time brings something about: 0 when overdue, None when nothing waits."""
    waits = [
        max(0, due_ms - _age_ms(door, now))
        for cell, door in state.doors.items()
        if (due_ms := _due_ms(state, cell, door, policy)) is not None
    ]
    if (steady_ms := boots.due_ms(state, now, policy)) is not None:
        waits.append(steady_ms)
    # Days are no deadline to wake for: whoever looks now and then finds them past.
    if overdue.is_due(state, now, policy) or proxies.run_out(state, now):
        waits.append(0)
    return min(waits, default=None)


def _due_ms(state: State, cell: CellId, door: DoorState, policy: Policy) -> int | None:
    """How long after its last move a door calls for something."""
    match door.door:
        case Door.ASKED:
            return policy.no_sign_ms
        case Door.SILENT:
            # A check-in waits for its keeper, who may be selling salt; a visitor walks away.
            waits = door.purpose is Purpose.CHECK_IN and can_pulse_again(state, cell)
            return None if waits else policy.left_open_ms
        case Door.OPEN if not door.reminded:
            return min(policy.say_open_ms, policy.left_open_ms)
        case Door.OPEN if not door.left_open_told:
            return policy.left_open_ms
        case _:
            return None


def _overdue(
    state: State, cell: CellId, door: DoorState, age_ms: int, policy: Policy
) -> tuple[Fact, ...]:
    auth = auth_at(state, cell)
    if door.door is Door.ASKED and auth is not None:
        return silence(state, auth, NO_SIGN)
    if door.door is Door.SILENT:
        # Nobody said whether it opened, and the sensor has said shut all along.
        return (DoorShut(cell=cell, open_ms=None), *cut_short(state, cell))
    facts: tuple[Fact, ...] = ()
    if not door.reminded:
        facts += (DoorReminded(cell=cell, open_ms=age_ms),)
    if age_ms >= policy.left_open_ms:
        facts += (DoorLeftOpen(cell=cell, open_ms=age_ms), *left_open(state, cell))
    return facts


def _age_ms(door: DoorState, now: Instant) -> int:
    """Time since a door's last move. A restart makes every door UNKNOWN, which is never due."""
    return 0 if door.since is None else now.since_ms(door.since) or 0
