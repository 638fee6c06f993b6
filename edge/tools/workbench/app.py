"""`cunyi twin bench`: all twins of one station with their page, on loopback."""

import asyncio
import signal
import time
from ipaddress import ip_address
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from edge.guard import LOOPBACK_HOSTS, Guard, install_errors
from edge.guard.serving import PageServer, listen
from edge.kernel.errors import ConfigError
from edge.look import STATIC, make_templates
from edge.tools.workbench.counter_routes import router as counter_router
from edge.tools.workbench.desk import Desk
from edge.tools.workbench.routes import PAGES, language_of, router
from hardware.twins.bench import EVERYTHING, Bench

log = structlog.get_logger(__name__)


def make_app(desk: Desk) -> FastAPI:
    """The page and its API in front of one bench."""
    app = FastAPI(
        title="cunyi workbench", openapi_url="/openapi.json", docs_url=None, redoc_url=None
    )
    app.state.desk = desk
    app.state.templates = make_templates(PAGES)
    install_errors(app, language_of)
    app.include_router(router)
    app.include_router(counter_router)
    app.mount("/look", StaticFiles(directory=STATIC), name="look")
    app.add_middleware(Guard, hosts=LOOPBACK_HOSTS, cookie="cunyi_bench", local_only=True)
    return app


def run_workbench(folder: Path, host: str, port: int, cells: int) -> None:
    """Run until SIGINT or SIGTERM, then remove the links.

    Raises PortInUseError, ConfigError (not loopback, or no place for a link), and at the end
    LawBroken when two locks were ever driven at once.
    """
    if not _is_loopback(host):
        fix = "Use 127.0.0.1: whoever reaches this page opens every door"
        raise ConfigError("command line", "--host", f"{host} is not this machine alone", fix)
    asyncio.run(_until_signal(folder, host, port, cells))


async def _until_signal(folder: Path, host: str, port: int, cells: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with listen(host, port, "--port") as sock, Bench(folder, cells, EVERYTHING) as bench:
        desk = Desk(bench, int(time.time()))
        server = PageServer(make_app(desk))
        serving = asyncio.create_task(server.serve_on(sock))
        log.info("workbench_up", address=f"http://{host}:{port}/", folder=str(folder), cells=cells)
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        desk.closing.set()
        await server.stop()
        await serving


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
