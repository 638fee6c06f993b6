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
    COURIER_HERE = "courier_here"
    BAG_IN = "bag_in"
    BAG_OVER = "bag_over"
    BAG_MISROUTED = "bag_misrouted"
    BAG_CROSS_DOCK = "bag_cross_dock"
    BAG_ALREADY = "bag_already"
    BAG_OUT = "bag_out"
    BAG_IS_OUT = "bag_is_out"
    BAG_JUST_CAME = "bag_just_came"
    BAG_NOT_EMPTIED = "bag_not_emptied"
    BAG_OF_OTHER_RUN = "bag_of_other_run"
    SEAL_WANTED = "seal_wanted"
    WAYBILL_WANTED = "waybill_wanted"
    SCAN_TAKEN_BACK = "scan_taken_back"
    DAMAGE_NOTED = "damage_noted"
    BAGS_OUT = "bags_out"
    BAGS_IN = "bags_in"
    BOTH_COUNTS_KEPT = "both_counts_kept"
    HANDOVER_HELD_UP = "handover_held_up"
    HANDOVER_SIGNED = "handover_signed"
    PARCEL_MISROUTED = "parcel_misrouted"
    BAG_DONE = "bag_done"
    BAG_SHORT = "bag_short"


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
    HANDOVER_UNDER_WAY = "handover_under_way"
    NO_HANDOVER = "no_handover"
    BAG_NOT_SCANNED = "bag_not_scanned"
    NO_ROUTE = "no_route"
    NOTHING_SCANNED = "nothing_scanned"
    OTHER_COURIER = "other_courier"


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
