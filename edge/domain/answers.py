"""Every word key that the core may answer with; edge.words has a sentence for each.

A refused pickup answers with its RefusalReason, so those values are keys too.
"""

from enum import StrEnum


class Answer(StrEnum):
    """Keys of a Reply, besides the values of RefusalReason."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    CHECK_IN_ON = "check_in_on"
    CHECK_IN_OFF = "check_in_off"
    SCAN_NOT_EXPECTED = "scan_not_expected"
    PUT_IN = "put_in"
    ALREADY_IN = "already_in"
    ALREADY_COLLECTED = "already_collected"
    SHUT_DOOR_FIRST = "shut_door_first"
    DID_IT_OPEN = "did_it_open"
    LOOK_INSIDE_FIRST = "look_inside_first"
    NO_FREE_CELL = "no_free_cell"
    NO_FREE_SLOT = "no_free_slot"
    PUT_ON = "put_on"
    PLACE_IT_FIRST = "place_it_first"
    PLACE_NOTED = "place_noted"
    AT_SHELF = "at_shelf"
    HANDED_OUT = "handed_out"
    HANDED_BACK = "handed_back"
    FLAGS_NOTED = "flags_noted"
    CELL_LOCKED = "cell_locked"
    CELL_UNLOCKED = "cell_unlocked"
    ON_BATTERY = "on_battery"
    CHECK_IN_WAITS = "check_in_waits"
    JOURNAL_DOUBTED = "journal_doubted"
    TAIL_NOTED = "tail_noted"
    SLIP_QUEUED = "slip_queued"
    DOOR_OPEN = "door_open"
    OPEN_AGAIN = "open_again"
    TAKE_IT_OUT = "take_it_out"
    CHECK_IN_UNDONE = "check_in_undone"
    CELL_FREED = "cell_freed"
    CELL_HOLDS = "cell_holds"
    PICKUP_NOTED = "pickup_noted"
    ASK_KEEPER = "ask_keeper"
    TOO_LATE = "too_late"
    COUNT_SIGNED = "count_signed"


class Refusal(StrEnum):
    """Reasons of a Refused: the person may not do this, or not now."""

    NOT_SIGNED_IN = "not_signed_in"
    PARCEL_NOT_HERE = "parcel_not_here"
    PARCEL_ELSEWHERE = "parcel_elsewhere"
    UNKNOWN_CELL = "unknown_cell"
    DOOR_IN_USE = "door_in_use"
    DOOR_NOT_SHUT = "door_not_shut"
    PICKUP_UNDER_WAY = "pickup_under_way"
    WRONG_PHONE_TAIL = "wrong_phone_tail"
    PHONE_TAIL_MISSING = "phone_tail_missing"
    REASON_MISSING = "reason_missing"
    NOTHING_TO_RETRY = "nothing_to_retry"
    TRY_AGAIN = "try_again"
    ON_BATTERY = "on_battery"
    CELLS_IN_DOUBT = "cells_in_doubt"
    ID_NOT_SEEN = "id_not_seen"
    NOT_PAID = "not_paid"
    NOT_SIGNED = "not_signed"


class CellReason(StrEnum):
    """Why a cell is questioned (needs a look) or faulted (needs a repair)."""

    FORCED = "forced"
    WRONG_DOOR_OPENED = "wrong_door_opened"
    CHECK_IN_INTERRUPTED = "check_in_interrupted"
    CHECK_IN_CANCELLED = "check_in_cancelled"
    PICKUP_INTERRUPTED = "pickup_interrupted"
    PUT_BACK = "put_back"
    OPENED_BY_HAND = "opened_by_hand"
    REMOTE_OPENED = "remote_opened"
    NO_SIGN_TWICE = "no_sign_twice"
    OPENED_UNSEEN = "opened_unseen"
    LEFT_OPEN = "left_open"
    CUT_OFF_TWICE = "cut_off_twice"
    TOO_SMALL = "too_small"
    OTHER_PLACE = "other_place"
    MOVED_OUT = "moved_out"
    MOVE_INTERRUPTED = "move_interrupted"


class RevokeReason(StrEnum):
    """Why a pickup code died without being used."""

    REPRINTED = "reprinted"
    PHONE_TAIL_CHANGED = "phone_tail_changed"
    RELEASED = "released"
    CHECK_IN_UNDONE = "check_in_undone"
    MISSING = "missing"


class Clip(StrEnum):
    """Voice clips that the core asks for."""

    DOOR_OPEN = "door_open"
    DOOR_LEFT_OPEN = "door_left_open"
    BATTERY_LOW = "battery_low"


NO_SIGN = "no_sign"
"""The reason of a DoorSilent by time; a failed pulse carries the driver's own word instead."""
