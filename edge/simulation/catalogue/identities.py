"""Cards, boards and credentials: F091 to F101."""

from typing import Final

from edge.simulation.catalogue import identities_cards as cards
from edge.simulation.catalogue import identities_codes as codes
from edge.simulation.catalogue.fault import Fault

_CARDS: Final = (
    Fault(
        code="F091",
        name="the card is replaced by an empty one",
        zh="换新存储卡",
        expected="A person grants a new epoch; parcels are where the county had them, slips whose "
        "snapshot had arrived still open their doors, and the keeper counts and signs.",
        laws=("S5", "S6", "P1"),
        scenario=cards.another_card,
        proofs=(
            "tests/stories/test_another_card.py::test_after_its_card_died_a_station_goes_on_with_its_parcels_codes_and_keepers",
        ),
    ),
    Fault(
        code="F092",
        name="two machines run on copies of one card",
        zh="存储卡被克隆",
        expected="The county alarms, takes the facts of one branch alone and keeps the other "
        "apart.",
        laws=("S6", "S8"),
        scenario=cards.two_machines_of_one_name,
        proofs=(
            "tests/county/test_verdicts.py::test_two_copies_of_a_card_are_told_apart_in_whatever_order_they_speak",
            "tests/sync/test_with_the_county.py::test_a_copied_station_is_kept_apart_and_both_sides_say_so",
        ),
    ),
    Fault(
        code="F093",
        name="the card is put back to an old image",
        zh="存储卡恢复旧镜像",
        expected="Once the county has told it, a spent code opens nothing and parcels pass through "
        "the keeper's hands alone, until a person grants a new epoch. Before that, and so long "
        "as there is no line, nobody can know it: a code that was spent after the image was "
        "made opens its door once more.",
        laws=("S6", "P3"),
        scenario=cards.an_old_image,
        proofs=(
            "tests/stories/test_another_card.py::test_an_old_image_is_told_on_both_pages_and_goes_on_where_the_county_was",
            "tests/simulation/test_identity_faults.py::test_before_the_county_has_told_it_a_spent_code_opens_its_door_once_more",
        ),
    ),
    Fault(
        code="F094",
        name="the board is swapped and the card kept",
        zh="换主板、留存储卡",
        expected="The station must be enrolled anew by keeper and county; until then its facts are "
        "not taken.",
        laws=("S6",),
        proofs=(
            "tests/county/test_verdicts.py::test_a_card_in_another_board_must_be_enrolled_anew",
            "tests/identity/test_files.py::test_a_board_is_known_by_its_number",
        ),
    ),
)
_CODES: Final = (
    Fault(
        code="F095",
        name="two villagers with the same phone tail",
        zh="两位村民手机尾号相同",
        expected="Each code opens the door of its own parcel and no other.",
        laws=("P3", "D1"),
        scenario=codes.two_villagers_with_one_phone_tail,
    ),
    Fault(
        code="F096",
        name="one villager with several parcels",
        zh="一位村民多个包裹",
        expected="Doors open one after another, each for an authorisation and an intent of its "
        "own.",
        laws=("D1",),
        scenario=codes.one_villager_with_several_parcels,
    ),
    Fault(
        code="F097",
        name="a new code clashes with one that is known",
        zh="取件码重复",
        expected="It is drawn again before it is given out; without any free one the keeper is "
        "asked to try again.",
        laws=("P3",),
        proofs=(
            "tests/domain/test_codes.py::test_a_code_that_clashes_is_drawn_again",
            "tests/domain/test_codes.py::test_without_any_free_code_the_keeper_tries_again_but_a_sensor_is_heard",
        ),
    ),
    Fault(
        code="F098",
        name="a copied QR or code is shown after the pickup",
        zh="取件后重放二维码",
        expected="It is refused, and whoever shows it is told that the parcel was collected, and "
        "when.",
        laws=("P3",),
        scenario=codes.a_copied_code_after_the_pickup,
    ),
    Fault(
        code="F099",
        name="a new slip is printed while the old one is shown",
        zh="补打小票时旧码正被使用",
        expected="What is committed first wins: the door opens and no slip comes, or the old "
        "slip is dead and the new one opens.",
        laws=("P3",),
        scenario=codes.a_new_slip_while_the_old_one_is_shown,
    ),
    Fault(
        code="F100",
        name="a parcel is scanned in again during its pickup",
        zh="取件过程中重新入柜",
        expected="The pickup keeps its door, and no other one opens for that parcel.",
        laws=("P2", "D1"),
        scenario=codes.scanned_in_again_during_its_pickup,
    ),
    Fault(
        code="F101",
        name="a villager and the keeper take one parcel at once",
        zh="取件与店主代取同时",
        expected="One of them gets the door, by the order of transactions; the other is told "
        "that it is taken.",
        laws=("P1", "P4"),
        scenario=codes.pickup_and_handing_out_at_once,
    ),
)
FAULTS: Final[tuple[Fault, ...]] = (*_CARDS, *_CODES)
