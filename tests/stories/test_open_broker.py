"""A whole county over a broker that somebody else owns, and a station that was stolen."""

import getpass
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from cloud_sync.county.identity.authority import Authority
from cloud_sync.station.enrolment.identity import tls_files
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem
from cloud_sync.wire.trust.tls import client_context
from edge.kernel.ids import CountyId
from edge.tools.children import Child, answers, cunyi, free_ports
from edge.tools.new_station import NewStation, make_station
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import CODE_ON_PAPER
from tests.brokers.eavesdropper import EVERYTHING, Sniffer, heard_in
from tests.brokers.guests import NOON_MS, is_let_in
from tests.stories.village import slip_of
from tests.support.brokers import ForeignBroker, binary

pytestmark = [pytest.mark.story, pytest.mark.slow]

COUNTY, STATION = "shangyou", "pingshang"
TAIL, NAME, OPERATOR, NOTICE = "4711", "赖桂英", "钟远程", "明天下午停电请早来取"
WAYBILLS: Final = ("YT7700123456001", "YT7700123456002", "YT7700123456003")
LANES: Final = {"up", "dn", "ask", "ans", "tel"}
SPY: Final = "_spy"
UP_WITHIN_S: Final = 30.0


class Land:
    """County, station, workbench and mosquitto, set up by what a person types."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.county_folder, self.station_folder = folder / "county", folder / "station"
        self.broker_folder = folder / "broker"
        port, station, county, bench = free_ports(4)
        self.station_url = f"http://127.0.0.1:{station}"
        self.county_url = f"http://127.0.0.1:{county}"
        self.bench_url = f"http://127.0.0.1:{bench}"
        address = f"mqtts://127.0.0.1:{port}"
        new = (str(self.county_folder), "--id", COUNTY, "--name", "上犹县", "--broker", address)
        self.type("county", "init", *new, "--web-port", f"{county}")
        make_station(
            self.station_folder,
            NewStation(
                county=COUNTY,
                station=STATION,
                name="坪上村驿",
                broker=address,
                web_port=station,
                twins=folder / "bench",
                everything=True,
            ),
        )
        self.port = port
        self.write_broker("--host", "127.0.0.1")
        self.county = self._child("county", "county", "run", str(self.county_folder))
        self.station = self._child("station", "station", "run", str(self.station_folder))
        twins = (str(folder / "bench"), "--port", f"{bench}", "--cells", "24")
        self.bench = self._child("bench", "twin", "bench", *twins)

    def type(self, *words: str) -> str:
        """What a command says; it must succeed."""
        done = subprocess.run(
            cunyi(*words), check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write_broker(self, *more: str) -> None:
        """The broker's files, anew."""
        out = ("--out", str(self.broker_folder), "--listen", "127.0.0.1", "--port", f"{self.port}")
        self.type("county", "broker-config", "mosquitto", str(self.county_folder), *out, *more)

    def enrol(self) -> None:
        """By a code that the county gives."""
        said = self.type("county", "enrol", STATION, str(self.county_folder))
        code = re.findall(r"^Code: ([0-9A-Z-]{19})$", said, re.MULTILINE)[0]
        where = ("--county", self.county_url, "--code", code)
        self.type("station", "enrol", str(self.station_folder), *where)

    def revoke(self) -> None:
        """The station was stolen."""
        said = self.type("county", "revoke", STATION, str(self.county_folder), "--reason", "stolen")
        told = re.findall(r"(cunyi county broker-config .*?)  and there: kill -HUP", said)
        self.type(*shlex.split(told[0])[1:])

    def start(self, child: Child, url: str) -> None:
        """Start one and wait until it answers."""
        child.start()
        child.wait_until(lambda: answers(f"{url}/healthz"), UP_WITHIN_S)

    def journal(self) -> str:
        """The station's journal, as it is exported."""
        return self.type("journal", "export", str(self.station_folder))

    def facts(self) -> list[Any]:
        """All facts that the county has of the station."""
        page = f"{self.county_url}/api/facts?station={STATION}&limit=1000"
        facts: list[Any] = httpx.get(page, timeout=5).json()["facts"]
        return facts

    def strangers(self) -> float:
        """How many frames of a key that nobody knows the county has heard."""
        for line in httpx.get(f"{self.county_url}/metrics", timeout=5).text.splitlines():
            if line.startswith('cunyi_county_dropped_total{why="stranger"} '):
                return float(line.split()[-1])
        return 0.0

    def _child(self, name: str, *words: str) -> Child:
        return Child(f"the {name}", cunyi(*words), self.folder / f"{name}.log")


@contextmanager
def mosquitto_of(land: Land) -> Iterator[ForeignBroker]:
    """Debian's mosquitto on the files that were written, with one more right: the spy's."""
    folder = land.broker_folder
    with (folder / "acl").open("a", encoding="utf-8") as acl:
        acl.write(f"\nuser {SPY}\ntopic read #\n")
    # Started by root it would become the user mosquitto, to whom a test's folder is closed.
    run = (folder / "mosquitto.conf").read_text(encoding="utf-8") + f"user {getpass.getuser()}\n"
    (folder / "run.conf").write_text(run, encoding="utf-8")
    command = [binary("mosquitto"), "--config-file", str(folder / "run.conf")]
    broker = ForeignBroker(
        folder, land.port, Child("mosquitto", command, folder / "mosquitto.log"), tls=True
    )
    broker.start()
    try:
        yield broker
    finally:
        broker.close()


@contextmanager
def spying(land: Land) -> Iterator[Sniffer]:
    """mosquitto_sub on everything, with a certificate that may read it all."""
    folder, log = land.broker_folder, land.folder / "spy.log"
    authority = Authority.read(land.county_folder / "ca", CountyId(COUNTY))
    key = draw_tls_key()
    (folder / "spy.pem").write_text(authority.sign(key.public_key(), SPY, (), NOON_MS).pem)
    (folder / "spy.key").write_bytes(key_pem(key))
    tls = ["--cafile", f"{folder}/ca.pem", "--cert", f"{folder}/spy.pem"]
    place = ["-h", "127.0.0.1", "-p", f"{land.port}", "--key", f"{folder}/spy.key"]
    child = Child("the spy", [binary("mosquitto_sub"), *tls, *place, *EVERYTHING], log)
    child.start()
    try:
        yield Sniffer(log)
        assert child.running, child.last_words()
    finally:
        child.end()


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Land]:
    with ExitStack() as stack:
        land = Land(tmp_path)
        for child in (land.county, land.bench, land.station):
            stack.callback(child.end)
        yield land


def county_panel(keeper: Keeper) -> dict[str, Any]:
    panel: dict[str, Any] = keeper.get("/api/keeper/screen")["county"]
    return panel


def check_in(keeper: Keeper, hands: Hands, waybill_no: str) -> tuple[int, str]:
    """A parcel put in; its cell and the code on its slip, as the villager reads it."""
    cell = keeper.post("/api/keeper/scan", text=waybill_no)["cell"]
    wait_for("the door", lambda: cell in hands.open_doors())
    hands.post(f"/api/doors/{cell}/put-in", thing=waybill_no)
    hands.shut(cell)
    tail = {"waybill_no": waybill_no, "phone_tail": TAIL}
    wait_for("the cell to be known", lambda: keeper.post("/api/keeper/phone-tail", **tail))
    code = CODE_ON_PAPER.search(wait_for("the slip", lambda: slip_of(hands, waybill_no)))
    assert code is not None
    return cell, code[1] + code[2]


def collect(kiosk: Visitor, hands: Hands, digits: str) -> None:
    answer = kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert answer["ok"], answer
    wait_for("the door", lambda: answer["cell"] in hands.open_doors())
    hands.act(answer["cell"], "take-out")
    hands.shut(answer["cell"])


def open_from_afar(land: Land, hands: Hands, cell: int) -> None:
    wish = ("county", "open", STATION, f"{cell}", str(land.county_folder), "--tail", "6002")
    said = land.type(*wish, "--operator", OPERATOR, "--reason", "村民手机丢了")
    assert said.splitlines()[-1].endswith("the door opened")
    hands.shut(cell)


def tell(land: Land, keeper: Keeper) -> None:
    land.type("county", "say", STATION, str(land.county_folder), "--notice", NOTICE)
    wait_for("the notice", lambda: county_panel(keeper)["notices"])


def delivered(land: Land) -> bool:
    """Whether the county has every fact of the journal."""
    return len(land.facts()) == len(land.journal().splitlines())


def test_who_owns_the_broker_reads_nothing_and_who_stole_the_station_gets_nothing(
    land: Land,
) -> None:
    with mosquitto_of(land) as broker, spying(land) as spy:
        land.start(land.county, land.county_url)
        land.start(land.bench, land.bench_url)
        land.start(land.station, land.station_url)
        land.enrol()
        with (
            Hands(land.bench_url) as hands,
            Keeper(land.station_url) as keeper,
            Visitor(land.station_url) as kiosk,
        ):
            keeper.post("/api/keeper/first", keeper=NAME, pin=Keeper.PIN)
            keeper.post("/api/keeper/sign-in", keeper=NAME, pin=Keeper.PIN)
            keeper.check_in(on=True)
            wait_for("the county", lambda: county_panel(keeper)["ok"], 60)
            put_in = [check_in(keeper, hands, waybill_no) for waybill_no in WAYBILLS]
            (_cell, code), (cell, _code), (_last, later) = put_in
            collect(kiosk, hands, code)
            wait_for("the county to have all", lambda: delivered(land), 60)
            open_from_afar(land, hands, cell)
            tell(land, keeper)
            assert keeper.post("/api/keeper/where", waybill_no=WAYBILLS[1])["known"]
            wait_for("the county to have all", lambda: delivered(land), 60)

            saw = spy.saw()
            assert {where.rpartition("/")[2] for where, _payload in saw} == LANES
            codes = tuple(digits for _cell, digits in put_in)
            canaries = (TAIL, NAME, OPERATOR, NOTICE, *WAYBILLS, *codes)
            assert heard_in([part for pair in saw for part in _bytes(pair)], canaries) == set()
            kept = land.journal()
            assert [one for one in canaries[:3] if one not in kept] == []
            assert all(one in kept for one in WAYBILLS)

            _a_stolen_station_is_shut_out(land, broker, keeper)
            collect(kiosk, hands, later)


def _bytes(pair: tuple[str, bytes]) -> tuple[bytes, bytes]:
    return pair[0].encode(), pair[1]


def _a_stolen_station_is_shut_out(land: Land, broker: ForeignBroker, keeper: Keeper) -> None:
    """At the county at once, at the broker from its next connection on."""
    files = tls_files(land.station_folder)

    def let_in() -> bool:
        return is_let_in(land.port, "cunyi-x", client_context(*files))

    assert let_in()
    before = len(land.facts())
    land.revoke()
    keeper.check_in(on=False)
    keeper.check_in(on=True)
    wait_for("a stranger", lambda: land.strangers() > 0, 60)
    wait_for("its screen to say so", lambda: county_panel(keeper)["verdict"] == "unknown_station")
    broker.reload()
    wait_for("the broker to refuse it", lambda: not let_in())
    broker.close()
    broker.start()
    wait_for("it to be offline", lambda: not county_panel(keeper)["ok"], 60)
    assert len(land.facts()) == before
