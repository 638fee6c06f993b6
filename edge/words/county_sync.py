"""The county's page about journals that do not go on as they were, and about backups."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "county.link.unreachable": Sentence(
        "连不上消息服务器：看它开着没有、网络通不通、地址对不对",
        "The broker cannot be reached: is it running, are network and address right?",
    ),
    "county.link.untrusted": Sentence(
        "消息服务器的证书不是本县的，或者写的是别的地址",
        "The broker's certificate is not this county's, or names another address",
    ),
    "county.link.refused": Sentence(
        "消息服务器不认县中心的证书：用 cunyi county broker-config 重写它的配置",
        "The broker refuses the county's certificate: write its files anew with "
        "cunyi county broker-config",
    ),
    "county.link.no_right": Sentence(
        "消息服务器不让县中心收站点的消息：它的权限是给别的县写的",
        "The broker lets this county read no station: its rights are another county's",
    ),
    "county.link.deaf": Sentence(
        "消息服务器连上了，但不转消息：县中心的证书没有收发的权限",
        "The broker takes the county in and passes nothing on: its certificate has no right to",
    ),
    "county.link.no_share": Sentence(
        "消息服务器不会共享订阅：在 county.toml 里写 share = false 和 workers = 1",
        "The broker knows no shared subscriptions: write share = false and workers = 1 "
        "in county.toml",
    ),
    "county.link.silent": Sentence(
        "消息服务器不应答，像是卡住了：重启它",
        "The broker does not answer, as if hung: restart it",
    ),
    "county.link.files": Sentence(
        "县中心自己的证书文件缺了或坏了：看日志里写的是哪一个",
        "A certificate file of this county is missing or damaged: its log names it",
    ),
    "county.alarm.clone_suspect": Sentence(
        "有两台机器用同一张卡的内容，后一台先不接收",
        "Two machines run copies of one card; the other one is not taken",
    ),
    "county.alarm.reenrol": Sentence(
        "站点的卡换到了别的主板上，先不接收",
        "The station's card sits in another board; its facts are not taken",
    ),
    "county.alarm.gap": Sentence(
        "有一段记录再也找不到了，格口和包裹以站点现状为准",
        "Some facts exist nowhere any more; cells and parcels are as the station shows them now",
    ),
    "county.alarm.backup_failed": Sentence("备份没做成", "A backup failed"),
    "county.alarm.older_generation": Sentence(
        "另有一个更新的县中心在用，这里不应答站点",
        "Another, newer center is in use; this one does not answer stations",
    ),
    "county.alarm.retained": Sentence(
        "有人在消息服务器上给站点留了消息，站点没有理会",
        "Somebody left a message for the station at the broker; it was not heeded",
    ),
    "county.alarm.retained_here": Sentence(
        "有人在消息服务器上给县中心留了消息，没有理会",
        "Somebody left a message for this county at the broker; it was not heeded",
    ),
    "county.device.clock": Sentence("时钟", "Clock"),
    "county.device_note.clock.county_ahead": Sentence(
        "这里的时间比站点所知的晚一天以上，站点不信",
        "our time is more than a day ahead of all that the station knows; not believed",
    ),
    "county.device_note.clock.county_behind": Sentence(
        "这里的时间比站点的早，站点不信", "our time lies behind the station's; not believed"
    ),
    "county.alarm.clock_doubted": Sentence("{device}：{note}", "{device}: {note}"),
    "county.todo.clock_doubted": Sentence(
        "取件照常，只是不能远程开门。先看这台机器的时钟对不对，不对就改正。"
        "这里对的话，一小时后站点会再问一次，跨天的差别到那时就信；"
        "站点的钟走快了，要等时间赶上",
        "Pickups go on; doors cannot be opened from here. First look at this machine's clock and "
        "set it right. If it is right, the station asks again in an hour and then believes a time "
        "that is ahead; a station that is ahead itself waits until time has caught up",
    ),
    "county.todo.clone_suspect": Sentence(
        "站点照常服务。上班后到站点点清包裹和现金，停掉多出来的那台，再运行 "
        "cunyi county grant {station} 县中心文件夹",
        "It goes on serving. By day, count parcels and cash there, stop the machine that is too "
        "many, then run cunyi county grant {station} FOLDER",
    ),
    "county.todo.reenrol": Sentence(
        "是自己换的主板，就重新登记：在这里运行 "
        "cunyi county enrol {station} 县中心文件夹 --replace，"
        "再到站点机器上运行 cunyi station enrol。不是自己换的，马上去现场看",
        "If you replaced the board, enrol it anew: run cunyi county enrol {station} FOLDER "
        "--replace here, then cunyi station enrol on its machine. If you did not, go and look now",
    ),
    "county.todo.retained": Sentence(
        "服务不受影响。村驿从不留消息：查清谁能连上消息服务器，再重启它，留下的就没了。"
        "之后运行 cunyi county acknowledge retained 县中心文件夹 --station {station}",
        "Service goes on. Nothing of ours leaves messages there: find out who can reach the "
        "broker, then restart it, which clears them. After that run cunyi county acknowledge "
        "retained FOLDER --station {station}",
    ),
    "county.todo.retained_here": Sentence(
        "服务不受影响。村驿从不留消息：查清谁能连上消息服务器，再重启它，留下的就没了。"
        "之后运行 cunyi county acknowledge retained_here 县中心文件夹",
        "Service goes on. Nothing of ours leaves messages there: find out who can reach the "
        "broker, then restart it, which clears them. After that run cunyi county acknowledge "
        "retained_here FOLDER",
    ),
    "county.todo.gap": Sentence(
        "上班后到站点点清包裹和现金，再运行 cunyi county acknowledge gap 县中心文件夹 "
        "--station {station}，写上结果",
        "By day, count parcels and cash there, then run cunyi county acknowledge gap FOLDER "
        "--station {station} with what was found",
    ),
    "county.todo.backup_failed": Sentence(
        "服务不受影响。检查备份盘：是否接好、是否满了。十分钟后会自己再试",
        "Service goes on. Check the backup disk: is it connected, is it full? It tries again in "
        "ten minutes",
    ),
    "county.todo.older_generation": Sentence(
        "另一个是对的，就停掉这一个。另一个已经不在了，就运行 cunyi county lead 县中心文件夹",
        "If the other one is right, stop this one. If it is gone for good, run "
        "cunyi county lead FOLDER",
    ),
    "county.stage.lost_sight": Sentence(
        "记录缺失期间离开，去向不明", "Left while facts are missing, nobody knows how"
    ),
}
