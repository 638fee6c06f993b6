"""The station's web app: pages and API in front of one running station."""

from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from edge.daemon.front import Front
from edge.guard import Guard, install_errors
from edge.look import STATIC, make_templates
from edge.web import (
    counter,
    county_routes,
    handover,
    help_routes,
    keeper,
    keeper_consent,
    keeper_hamlets,
    keeper_labels,
    keeper_places,
    keeper_proxy,
    keeper_returns,
    kiosk,
    kiosk_proxy,
    machine,
    no_code_routes,
    page_routes,
    voice_routes,
)
from edge.web.page_routes import PAGES
from edge.web.ruled import RuledRoute, language_of
from edge.web.sessions import KeeperSessions

_ROOMS: Final = (
    kiosk,
    keeper,
    keeper_consent,
    keeper_proxy,
    kiosk_proxy,
    keeper_places,
    keeper_returns,
    keeper_hamlets,
    keeper_labels,
    handover,
    help_routes,
    no_code_routes,
    county_routes,
    counter,
    machine,
    page_routes,
    voice_routes,
)


def make_app(front: Front, *, hosts: tuple[str, ...], local_only: bool = True) -> FastAPI:
    """Make the app. `hosts` are the names that browsers may call it by, without ports.

    Where `local_only` does not hold, others in the local network come as far as the keeper's
    pages: a route ruled LOCAL still answers this machine alone.
    """
    app = FastAPI(
        title="cunyi station",
        version=front.software,
        # Pages with the description of the API would load scripts from other hosts.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.router.route_class = RuledRoute
    app.state.front = front
    app.state.sessions = KeeperSessions(front)
    app.state.templates = make_templates(PAGES)
    install_errors(app, language_of)
    for room in _ROOMS:
        app.include_router(room.router)
    app.mount("/look", StaticFiles(directory=STATIC), name="look")
    app.add_middleware(Guard, hosts=hosts, local_only=local_only)
    return app
