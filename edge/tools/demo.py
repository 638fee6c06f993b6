"""`cunyi demo`: the whole house with simulated hardware, for a person or as a story."""

import contextlib
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from edge.kernel.errors import ConfigError
from edge.kernel.village_time import village_time
from edge.store.connection import FolderLock
from edge.tools.announcing import announce_samples
from edge.tools.children import ChildError
from edge.tools.house import House, Ports, is_kept
from edge.tools.story import play

INTERRUPTED: Final = 130
LOOK_EVERY_S: Final = 0.5

_WELCOME: Final = """\

村驿 cunyi 演示已就绪（硬件为模拟） / the demo is up, with simulated hardware

  取件屏  Kiosk      {station}/kiosk
  店主台  Keeper     {station}/keeper
  县中心  County     {county}/
  模拟柜  Workbench  {workbench}/
  模拟短信 Messages  {messages}

  1. 店主台：设一个密码（6 到 12 位数字，如 270953），点“开始入库”
                                              Keeper: set a PIN (6 to 12 digits), begin check-in
  2. 模拟柜：点一个样例运单，放入，关门        Workbench: scan a sample, put it in, shut the door
  3. 店主台：输入手机尾号，出小票              Keeper: type the phone tail, a slip is printed
  4. 模拟柜：点“扫这张小票”，门开，取出，关门  Workbench: scan the slip, take the parcel, shut
  5. 样例里的前几个圆通件清单里有手机号：入库几秒后看模拟短信，点链接就是收件人的取件码
                                              The first YT samples have phones: see Messages, click
  6. 模拟柜下半页：拔电源插头、过秤、放身份证   Workbench, lower half: mains, scale, ID card
  7. 另开终端，县里发通知、远程开门            In another terminal, the county speaks and opens:
     .venv/bin/cunyi county say pingshang {folder}/county --notice 明天停电
     .venv/bin/cunyi county open pingshang 3 {folder}/county --operator 张三 --reason 演示

Ctrl-C 结束 / ends everything. 数据 / data: {folder}
"""
_EMPTY_STEEL: Final = """
模拟柜和小票没有保存：柜里是空的，要取的件请在店主台“出库”处理，或补打小票。
The simulated cabinet and its slips are not kept: it starts empty, whatever the station remembers.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What was asked for on the command line."""

    story: bool
    wipe_broker: bool
    folder: Path | None
    first_port: int | None


def run_demo(options: DemoOptions) -> int:
    """Run until Ctrl-C, or play the story. Returns the exit code. Raises CunyiError."""
    if options.wipe_broker and not options.story:
        raise ConfigError("command line", "--wipe-broker", "it needs --story", "Add --story")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The story is for machines: it does not mind what else runs here.
    first = 0 if options.story and options.first_port is None else options.first_port
    with _data_folder(options.folder) as folder:
        kept = is_kept(folder)
        house = House(folder, Ports.choose(folder, first), messages=not options.story)
        try:
            with house:
                if options.story:
                    return play(house, wipe_broker=options.wipe_broker)
                announce_samples(house, village_time(time.time_ns() // 1_000_000))
                print(_welcome(house) + (_EMPTY_STEEL if kept else ""), flush=True)
                return _watch(house)
        except KeyboardInterrupt:
            print("\n已结束 / ended", file=sys.stderr, flush=True)
            return INTERRUPTED if options.story else 0


def _welcome(house: House) -> str:
    return _WELCOME.format(
        station=house.station_address,
        county=house.county_address,
        workbench=house.workbench_address,
        messages="-" if house.messages is None else f"{house.messages_address}/",
        folder=house.folder,
    )


def _watch(house: House) -> NoReturn:
    while True:
        if (child := house.ended()) is not None:
            raise ChildError(f"{child.name} has ended: {child.last_words()}")
        time.sleep(LOOK_EVERY_S)


@contextlib.contextmanager
def _data_folder(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        wanted.mkdir(parents=True, exist_ok=True)
        lock = FolderLock.take(wanted)
        try:
            yield wanted.resolve()
        finally:
            lock.release()
        return
    with tempfile.TemporaryDirectory(prefix="cunyi-demo-") as folder:
        yield Path(folder)
