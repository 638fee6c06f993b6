"""Money: F102 to F110, open until bills, cash and shifts are here."""

from typing import Final

from edge.simulation.catalogue.fault import Fault

_BILLS: Final = ("bill.", "payment.")
_CASH: Final = ("cash.", "drawer.")
_SHIFTS: Final = ("shift.", "receipt.")

FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        code="F102",
        name="the line fails after the biller has charged",
        zh="扣款后超时",
        expected="The payment is not known, is asked after under its own reference alone, and is "
        "confirmed once.",
        laws=("M4",),
        waits_for=_BILLS,
    ),
    Fault(
        code="F103",
        name="the line fails before the biller has heard",
        zh="扣款前超时",
        expected="'Not found' is final only after the biller's cut-off; then the payment is "
        "rejected and the cash goes back.",
        laws=("M4",),
        waits_for=_BILLS,
    ),
    Fault(
        code="F104",
        name="the biller answers twice, and differently",
        zh="缴费方两次答复不一",
        expected="The first final answer is kept, and the conflict is a case for a person.",
        laws=("M2", "M4"),
        waits_for=_BILLS,
    ),
    Fault(
        code="F105",
        name="the power goes while cash changes hands",
        zh="收现金时断电",
        expected="The commit comes before the words 'put the cash in the drawer': without a record "
        "nothing was taken, and the count shows what is over.",
        laws=("M3",),
        waits_for=(*_CASH, *_BILLS),
    ),
    Fault(
        code="F106",
        name="the keeper takes back a payment that is settled",
        zh="撤销已结算的缴费",
        expected="It is refused as a reversal and becomes a request for a refund at the county.",
        laws=("M5",),
        waits_for=("refund.", *_BILLS),
    ),
    Fault(
        code="F107",
        name="one bill is paid at two stations within the hour",
        zh="同一账单两站重复缴费",
        expected="County and biller take it once, and the second payer's money becomes his credit.",
        laws=("M4", "M7"),
        waits_for=_BILLS,
    ),
    Fault(
        code="F108",
        name="the power goes while a shift is closed",
        zh="交班结账时断电",
        expected="A shift is closed whole or not at all, and no number is left out.",
        laws=("M6",),
        waits_for=_SHIFTS,
    ),
    Fault(
        code="F109",
        name="a confirmation arrives after the shift was closed",
        zh="交班后才收到确认",
        expected="It belongs to the next shift, and the closed one does not change.",
        laws=("M2", "M6"),
        waits_for=(*_SHIFTS, *_BILLS),
    ),
    Fault(
        code="F110",
        name="the bank finds a false or missing note",
        zh="银行发现假币或短款",
        expected="A transfer to 'over and short' with its case, never a correction of what stands.",
        laws=("M2", "M3"),
        waits_for=_CASH,
    ),
)
