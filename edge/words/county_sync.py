"""The county's page about journals that do not go on as they were, and about backups."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
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
