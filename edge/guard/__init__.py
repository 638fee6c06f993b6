"""Web safety for every page of ours: hosts, origins, tokens, limits, headers, a rule per route."""

from edge.guard.errors import install_errors, problem
from edge.guard.guard import Guard
from edge.guard.hosts import LOOPBACK_HOSTS
from edge.guard.rules import Rule, rule, ruled_routes, unruled
from edge.guard.session import csrf_of, renew_session, session_of

__all__ = [
    "LOOPBACK_HOSTS",
    "Guard",
    "Rule",
    "csrf_of",
    "install_errors",
    "problem",
    "renew_session",
    "rule",
    "ruled_routes",
    "session_of",
    "unruled",
]
