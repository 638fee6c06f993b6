"""Who may use a route. Every route carries a rule, and a test walks the route table."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

_RULE: Final = "__cunyi_rule__"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


class Rule(StrEnum):
    """KEEPER: somebody signed in at the counter. LOCAL: whoever is at this machine; the Guard of an
    app with such routes is told `local_only`.
    """

    ANYONE = "anyone"
    KEEPER = "keeper"
    LOCAL = "local"


def rule(which: Rule) -> Callable[[_Endpoint], _Endpoint]:
    """Write the rule on an endpoint; stands below the route decorator."""

    def mark(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, _RULE, which)
        return endpoint

    return mark


def ruled_routes(app: Starlette) -> list[tuple[str, Rule | None]]:
    """Each route as "GET /path" with its rule, None where it has none."""
    openapi = getattr(app, "openapi_url", None)
    found = []
    for name, path, endpoint in _walk(app.routes, ""):
        known = getattr(endpoint, _RULE, None)
        if known is None and (path == openapi or isinstance(endpoint, StaticFiles)):
            known = Rule.ANYONE  # the framework's own description, and files that are public
        found.append((name, known))
    return found


def unruled(app: Starlette) -> list[str]:
    """Routes without a rule; an app of ours has none."""
    return [name for name, known in ruled_routes(app) if known is None]


def _walk(routes: Sequence[BaseRoute], prefix: str) -> Iterator[tuple[str, str, object]]:
    for route in iter_route_contexts(routes):
        path = prefix + (route.path or "")
        original = route.original_route
        if isinstance(original, Mount) and not isinstance(original.app, StaticFiles):
            yield from _walk(original.routes, path)
            if not original.routes:
                yield f"MOUNT {path}", path, original.app
        elif isinstance(original, Mount):
            yield f"MOUNT {path}", path, original.app
        else:
            methods = ",".join(sorted(route.methods or ())) or type(original).__name__
            yield f"{methods} {path}", path, route.endpoint
