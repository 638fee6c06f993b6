"""Puts the notices of a county together from its settings."""

from cloud_sync.county.notices.post import Carrying
from cloud_sync.county.notices.rules import Rules
from cloud_sync.county.settings import CountySettings
from cloud_sync.partners.notify.http_adapter import HttpNotifyAdapter
from cloud_sync.wire.trust.web_hosts import page_url


def carrying_of(settings: CountySettings) -> Carrying | None:
    """Who carries, None where the settings name nobody."""
    said = settings.notices
    if not said.gateway:
        return None
    begins, ends = (_minutes(clock) for clock in said.quiet)
    return Carrying(
        adapter=HttpNotifyAdapter(said.gateway),
        rules=Rules(gather_ms=said.gather_s * 1_000, quiet_from=begins, quiet_to=ends),
        pages=pages_of(settings),
    )


def pages_of(settings: CountySettings) -> str:
    """Where phones reach this county's pages."""
    return settings.notices.pages or page_url(settings.web.host, settings.web.port)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
