"""The same laws on calm days, on which parcels get about: no power cut, no county, no guesser."""

from typing import Any

from hypothesis import HealthCheck, settings

from tests.domain.test_laws import Village


class CalmVillage(Village):
    """What is left out here happens in test_laws, where it leaves little time for anything else."""

    def power_cut(self, **_drawn: Any) -> None:
        """No rule of this village."""

    def supply_tells(self, **_drawn: Any) -> None:
        """Nor is this."""

    def open_from_afar(self, **_drawn: Any) -> None:
        """Nor this."""

    def guess(self, **_drawn: Any) -> None:
        """Nor this."""


CalmVillage.TestCase.settings = settings(
    max_examples=250,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTheLawsOfPlacesHold = CalmVillage.TestCase
