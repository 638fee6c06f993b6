"""Word keys of answers and refusals about long stays, damage and returns."""

from enum import StrEnum


class ReturnAnswer(StrEnum):
    """Keys of a Reply."""

    REFUSAL_NOTED = "refusal_noted"
    PARCEL_DAMAGE_NOTED = "parcel_damage_noted"
    CALL_NOTED = "call_noted"
    STAYS_LONGER = "stays_longer"
    TO_BE_RETURNED = "to_be_returned"
    NOT_RETURNED = "not_returned"
    BAGGED = "bagged"
    IN_RETURN_BAG = "in_return_bag"
    RETURN_LOADED = "return_loaded"
    RETURNS_LOADED = "returns_loaded"
    RETURN_BAG_EMPTY = "return_bag_empty"
    FETCH_IT_FIRST = "fetch_it_first"
    TROUBLE_KEPT = "trouble_kept"


class ReturnRefusal(StrEnum):
    """Reasons of a Refused."""

    TO_BE_RETURNED_ALREADY = "to_be_returned_already"
    NOT_TO_BE_RETURNED = "not_to_be_returned"
    NO_SUCH_TROUBLE = "no_such_trouble"
