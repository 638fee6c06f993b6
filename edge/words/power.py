"""Mains and battery: the same outage as the counter, the kiosk and the county read of it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "power.unsure": Sentence(
        "看不出有没有市电。请看电源和线。",
        "It does not tell whether the mains are there. Check the supply and its cable.",
    ),
    # -- the counter
    "keeper.device.power": Sentence("电源", "Power"),
    "keeper.power.mains": Sentence("市电〔，电池 {percent}%〕", "mains〔, battery {percent}%〕"),
    "keeper.power.battery": Sentence(
        "停电〔 {minutes} 分钟〕〔，电池 {percent}%〕",
        "no mains〔 for {minutes} min〕〔, battery {percent}%〕",
    ),
    "keeper.power.low": Sentence(
        "停电〔 {minutes} 分钟〕〔，电池 {percent}%〕，电快没了，柜门先不开",
        "no mains〔 for {minutes} min〕〔, battery {percent}%〕, nearly empty: doors rest",
    ),
    "keeper.alert.safe": Sentence(
        "刚才连续断电重启。为了安全，{time} 后再开柜门〔。都是开 {cell} 号柜时断的，请查电源和锁〕",
        "The power failed several times running: no door opens before {time}〔; each time as cell "
        "{cell} was opened, check supply and lock〕",
    ),
    # -- the kiosk
    "kiosk.power.held": Sentence("停电：可取件，不收件", "Power cut, pickup works"),
    "kiosk.power.battery": Sentence("停电，可取件", "Power cut, pickup works"),
    "kiosk.power.safe": Sentence("刚才断过电，柜门先不开", "Power failed, doors stay shut"),
    "kiosk.power.low": Sentence("电快没了，柜门先不开", "Battery low, doors stay shut"),
    # -- the county
    "county.device.power": Sentence("电源", "Power"),
    "county.device_note.power.unsure": Sentence("看不出有没有市电", "mains not known"),
    "county.fed.mains": Sentence("市电〔，电池 {percent}%〕", "mains〔, battery {percent}%〕"),
    "county.fed.battery": Sentence("电池供电〔 {percent}%〕", "on battery〔 {percent}%〕"),
    "county.supply.lost": Sentence(
        "{time} 停电，已 {lasted}〔，电池 {percent}%〕",
        "no mains since {time}, {lasted}〔, battery {percent}%〕",
    ),
    "county.supply.just_lost": Sentence(
        "{time} 停电，{lasted}〔，电池 {percent}%〕",
        "no mains since {time}, {lasted}〔, battery {percent}%〕",
    ),
    "county.supply.restored": Sentence(
        "{time} 来电〔，停了 {lasted}〕", "mains back at {time}〔 after {lasted}〕"
    ),
    "county.supply.stopped": Sentence("已关机", "switched off"),
    "county.alarm.power_lost": Sentence(
        "停电，用电池供电〔，剩 {percent}%〕", "No mains, on battery〔, {percent}% left〕"
    ),
    "county.todo.power_lost": Sentence(
        "取件照常，先不收新件。问店主或供电所什么时候来电",
        "Pickup goes on, check-in waits. Ask the keeper or the grid company when it comes back",
    ),
    "county.alarm.battery_low": Sentence(
        "停电，电池快没电，柜门先不开〔，剩 {percent}%〕〔，{stopped}〕",
        "No mains, battery nearly empty, doors rest〔, {percent}% left〕〔, {stopped}〕",
    ),
    "county.todo.battery_low": Sentence(
        "打电话给店主：急用的件用钥匙取。来电后站点自己恢复",
        "Call the keeper: urgent parcels by key. The station recovers by itself with the mains",
    ),
    "county.alarm.safe": Sentence(
        "连续断电重启，柜门先不开〔，都在开 {cell} 号柜时〕",
        "Restarted again and again, doors rest〔; each time as cell {cell} was opened〕",
    ),
    "county.todo.safe": Sentence(
        "打电话给店主：多半是电源带不动，先别急着开门。满 5 分钟不断电，站点自己恢复",
        "Call the keeper: the supply is too weak. Doors wake after some minutes without a fall",
    ),
    "county.fact.station.steady": Sentence("站点运行平稳", "Running steadily"),
    "county.fact.station.safe_entered": Sentence(
        "连续断电重启 {starts} 次，柜门先不开〔，都在开 {cell} 号柜时〕",
        "Restarted {starts} times running, doors rest〔; each time as cell {cell} was opened〕",
    ),
    "county.fact.station.safe_left": Sentence("不再断电，柜门恢复", "Steady again, doors open"),
    "county.reason.just_restarted": Sentence("刚连续断电重启", "restarted several times"),
    "county.reason.cut_off_twice": Sentence(
        "两次一开锁就断电重启", "the power failed twice as it was opened"
    ),
    "county.fact.station.stopping": Sentence("站点关机：{reason}", "Switching off: {reason}"),
    "county.fact.power.lost": Sentence("停电，改用电池", "Mains lost, on battery"),
    "county.fact.power.restored": Sentence(
        "来电了〔，停了 {lasted}〕", "Mains back〔 after {lasted}〕"
    ),
    "county.fact.power.battery_low": Sentence(
        "电池快没电〔，剩 {battery_percent}%〕，柜门先不开",
        "Battery nearly empty〔, {battery_percent}% left〕: doors rest",
    ),
    "county.reason.battery_low": Sentence("电池快没电", "battery nearly empty"),
    "county.lasted": Sentence("{hours} 小时〔 {minutes} 分钟〕", "{hours} h〔 {minutes} min〕"),
}
