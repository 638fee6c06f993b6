"""What a waybill number says of itself: its check digit where it has one, and the likely brands."""

import re
from collections.abc import Iterable
from typing import Final

from edge.domain.policy import CarrierRule
from edge.kernel.ids import WaybillNo

# UPU S10: the postal number of registered and express mail, e.g. RB123456785GB.
_S10: Final = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_ODD: Final = {10: 0, 11: 5}
# GS1 SSCC behind its application identifier 00, e.g. 00106141412345678908.
_SSCC: Final = re.compile(r"00([0-9]{17})([0-9])")


def has_wrong_check_digit(waybill_no: WaybillNo) -> bool:
    """Whether a number has the form of S10 (UPU) or SSCC (GS1), but another last digit than that.

    Scanners read barcodes that have a sum of their own; this is for numbers that somebody typed.
    """
    if found := _S10.fullmatch(waybill_no):
        return _s10_digit(found[1]) != int(found[2])
    if found := _SSCC.fullmatch(waybill_no):
        return _gs1_digit(found[1]) != int(found[2])
    return False


def ranked_carriers(waybill_no: WaybillNo, rules: Iterable[CarrierRule]) -> tuple[str, ...]:
    """Every brand whose pattern fits, the most specific first, each once: hints, no more."""
    fitting = (rule.carrier for rule in rules if re.fullmatch(rule.pattern, waybill_no))
    return tuple(dict.fromkeys(fitting))


def _s10_digit(digits: str) -> int:
    total = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, digits, strict=True))
    digit = 11 - total % 11
    return _S10_ODD.get(digit, digit)


def _gs1_digit(digits: str) -> int:
    total = sum(int(digit) * (3 - 2 * (place % 2)) for place, digit in enumerate(digits))
    return -total % 10
