"""The station's web app: pages and API in front of one running station."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from edge.daemon.front import Front
from edge.guard import Guard, install_errors
from edge.look import STATIC, make_templates
from edge.web import counter, keeper, kiosk, machine, page_routes
from edge.web.page_routes import PAGES
from edge.web.ruled import RuledRoute, language_of
from edge.web.sessions import KeeperSessions


def make_app(front: Front, *, hosts: tuple[str, ...]) -> FastAPI:
    """Make the app. `hosts` are the names that browsers may call it by, without ports."""
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
    for room in (kiosk, keeper, counter, machine, page_routes):
        app.include_router(room.router)
    app.mount("/look", StaticFiles(directory=STATIC), name="look")
    # Served on loopback only so far; the first PIN in particular is set at the machine itself.
    app.add_middleware(Guard, hosts=hosts, local_only=True)
    return app
