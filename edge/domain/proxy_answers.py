"""Word keys of proxies, besides those of edge.domain.answers."""

from enum import StrEnum


class ProxyAnswer(StrEnum):
    """Keys of a Reply."""

    QUEUED = "proxy_queued"
    REVOKED = "proxy_revoked"
    SHOWN = "proxy_shown"
    AGREED = "proxy_agreed"
    DECLINED = "proxy_declined"
    EXPIRED = "proxy_expired"
    DEAD = "proxy_dead"
    NOT_AGREED = "proxy_not_agreed"
    SHOW_AGAIN = "proxy_show_again"
    WAITS = "proxy_waits"
    FORGED = "pass_forged"
    ELSEWHERE = "pass_elsewhere"
    NO_PARCEL = "pass_no_parcel"


class ProxyRefusal(StrEnum):
    """Reasons of a Refused."""

    NOT_ONE_OWNER = "proxy_not_one_owner"
    NO_CODE_OF_ITS_OWN = "proxy_no_own_code"
    NAME_MISSING = "proxy_name_missing"
    NOT_WAITING = "proxy_not_waiting"
