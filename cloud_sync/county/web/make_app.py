"""The county's web app: one page and its API in front of a running county."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from cloud_sync.county.mobile.door import PhoneDoor
from cloud_sync.county.office import Office
from cloud_sync.county.web import api, pages, trip_routes
from cloud_sync.county.web.asking import language_of
from cloud_sync.county.web.enrolment_door import EnrolmentDoor
from cloud_sync.county.web.pages import PAGES
from edge.guard import LOOPBACK_HOSTS, Guard, install_errors
from edge.look import STATIC, make_templates


def make_app(office: Office, *, hosts: tuple[str, ...] = LOOPBACK_HOSTS) -> FastAPI:
    """Make the app. `hosts` are the names that browsers may call it by, without ports."""
    app = FastAPI(
        title="cunyi county center",
        version=office.software,
        # Pages with the description of the API would load scripts from other hosts.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.office = office
    app.state.templates = make_templates(PAGES)
    install_errors(app, language_of)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(trip_routes.router)
    app.mount("/look", StaticFiles(directory=STATIC), name="look")
    app.add_middleware(Guard, hosts=hosts, cookie="cunyi_county", local_only=True)
    app.add_middleware(PhoneDoor, pages=lambda: office.phones)
    app.add_middleware(EnrolmentDoor, office=lambda: office.enrolment)
    return app
