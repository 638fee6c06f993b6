"""The same laws where addressees agree, refuse and change their minds in any order."""

from typing import Any

from hypothesis import HealthCheck, settings

from tests.domain.village_of_consent import VillageOfConsent


class AskingVillage(VillageOfConsent):
    """What is left out here happens in test_laws, where it leaves little time for anything else."""

    def open_from_afar(self, **_drawn: Any) -> None:
        """No rule of this village."""

    def guess(self, **_drawn: Any) -> None:
        """Nor this."""


AskingVillage.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTheLawsOfConsentHold = AskingVillage.TestCase
