"""What waits for the county and why, as the keeper, the county and a technician read it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- how much room there is to wait
    "sync.room.years": Sentence("10 年以上", "more than 10 years"),
    "sync.room.days": Sentence("{days} 天", "{days} days"),
    "sync.kept": Sentence(
        "本站 {waiting} 条待上传〔，够存 {room}〕",
        "{waiting} facts wait here to be sent〔; room for {room}〕",
    ),
    "sync.all_there": Sentence(
        "都已上传〔，断网也够存 {room}〕",
        "All is at the county〔; without a network there is room for {room}〕",
    ),
    # -- verdicts: what is so, and what to do
    "sync.say.ok": Sentence("和县中心连着", "In touch with the county"),
    "sync.todo.ok": Sentence("不用做什么。", "Nothing to do."),
    "sync.say.offline": Sentence(
        "〔{since} 起〕连不上县中心", "No contact with the county〔 since {since}〕"
    ),
    "sync.todo.offline": Sentence(
        "存取件照常，记录先存在站上，网络好了自己上传。",
        "Everything works and is kept here; it is sent by itself when the network is back.",
    ),
    "sync.say.not_enrolled": Sentence("本站还没登记到县中心", "Not enrolled at a county yet"),
    "sync.todo.not_enrolled": Sentence(
        "存取件照常。请技术人员运行 cunyi station enrol。",
        "Everything works. A technician runs cunyi station enrol.",
    ),
    "sync.say.unknown_station": Sentence(
        "县中心不认识本站", "The county does not know this station"
    ),
    "sync.todo.unknown_station": Sentence(
        "存取件照常。请技术人员重新登记：cunyi station enrol。",
        "Everything works. Enrol it again: cunyi station enrol.",
    ),
    "sync.say.rollback": Sentence(
        "本站的记录比县里的旧，可能换过或恢复过存储卡",
        "The records here are older than the county's: was the card changed or put back?",
    ),
    "sync.todo.rollback": Sentence(
        "取件由店主代取，先不入库。请打县里电话，别再换卡。",
        "Hand parcels out yourself, check none in. Call the county; do not change the card again.",
    ),
    "sync.say.fork": Sentence(
        "本站的记录和县里的对不上", "The records here do not match the county's"
    ),
    "sync.todo.fork": Sentence(
        "取件照常，记录都留着。请打县里电话，别重装。",
        "Pickup works and all records are kept. Call the county; do not reinstall.",
    ),
    "sync.say.clone_suspect": Sentence(
        "好像有两台机器用着同一个站点编号", "Two machines seem to run as this one station"
    ),
    "sync.todo.clone_suspect": Sentence(
        "请把另一台（旧机器或复制的卡）关掉，再打县里电话。",
        "Switch the other one off (the old machine or a copied card), then call the county.",
    ),
    "sync.say.reenrol": Sentence(
        "存储卡不在登记时的那块主板上", "The card sits in another board than the one enrolled"
    ),
    "sync.todo.reenrol": Sentence(
        "存取件照常。请打县里电话，由技术人员重新登记。",
        "Everything works. Call the county: a technician enrols it again.",
    ),
    "sync.say.new_epoch": Sentence(
        "正在从县里取回记录", "Fetching the records back from the county"
    ),
    "sync.todo.new_epoch": Sentence(
        "请不要断电。取回后清点柜里的件，并签字。",
        "Do not switch off. Then count what lies in the cells and sign for it.",
    ),
    "sync.say.refused": Sentence("县中心不收本站的记录", "The county does not take our records"),
    "sync.todo.refused": Sentence(
        "存取件照常，记录都留着。请打县里电话。",
        "Everything works and is kept. Please call the county.",
    ),
    # -- the county's panel of one station
    "county.sync.title": Sentence("同步", "Sync"),
    "county.sync.applied": Sentence(
        "已存到第 {applied} 条〔，其中 {durable} 条已有 {copies} 份备份〕",
        "Committed up to record {applied}〔, {durable} of them in {copies} backups〕",
    ),
    "county.sync.none": Sentence("还没有收到记录", "No record has arrived yet"),
    "county.sync.waiting": Sentence("站上还有 {waiting} 条待上传", "{waiting} wait at the station"),
    "county.sync.snapshot": Sentence(
        "快照到第 {seq} 条，{ago}前收到", "Snapshot up to record {seq}, received {ago} ago"
    ),
    "county.sync.no_snapshot": Sentence("还没有快照", "No snapshot yet"),
    "county.sync.gap": Sentence(
        "第 {first} 到 {last} 条没有了，按快照接着记：要人清点核对",
        "Records {first} to {last} exist no more; it went on from a snapshot: count and compare",
    ),
    "county.sync.gap_closed": Sentence(
        "第 {first} 到 {last} 条没有了，已有人核对过",
        "Records {first} to {last} exist no more; looked after",
    ),
    "county.sync.told": Sentence(
        "下发的还有 {waiting} 条没到站", "{waiting} items said down are not stored there yet"
    ),
    "county.sync.told_all": Sentence("下发的都已到站", "All that was said down is stored there"),
    "county.sync.say.rollback": Sentence(
        "站点的记录比这里旧：存储卡换过或恢复过",
        "The station's records are older than ours: its card was changed or put back",
    ),
    "county.sync.todo.rollback": Sentence(
        "先问店主换没换卡，再由技术人员运行 "
        "cunyi county grant {station} 县中心文件夹 --reason 原因",
        "Ask the keeper about the card; then a technician runs cunyi county grant {station} FOLDER "
        "--reason WHY",
    ),
    "county.sync.say.fork": Sentence(
        "站点的记录和这里对不上，两份都留着", "Its records do not match ours; both are kept"
    ),
    "county.sync.todo.fork": Sentence(
        "别重装、别换卡。技术人员比对后运行 "
        "cunyi county grant {station} 县中心文件夹 --reason 原因",
        "No reinstalling. A technician compares, then runs cunyi county grant {station} FOLDER "
        "--reason WHY",
    ),
    "county.sync.say.clone_suspect": Sentence(
        "两台机器在用同一张卡的记录", "Two machines run on copies of one card"
    ),
    "county.sync.todo.clone_suspect": Sentence(
        "请店主关掉多出来的那台，再运行 cunyi county grant {station} 县中心文件夹 --reason 原因",
        "Have the one that is too many switched off, then run cunyi county grant {station} FOLDER "
        "--reason WHY",
    ),
    "county.sync.say.reenrol": Sentence(
        "站点的卡换到了别的主板上", "The station's card sits in another board"
    ),
    "county.sync.todo.reenrol": Sentence(
        "是自己换的，就运行 cunyi county enrol {station} 县中心文件夹 --replace，"
        "再到站点运行 cunyi station enrol；不是，马上去现场看",
        "If you did it, run cunyi county enrol {station} FOLDER --replace, then "
        "cunyi station enrol there. If you did not, go and look now",
    ),
    "county.sync.say.new_epoch": Sentence(
        "正在取回记录，开始新的一期", "It is fetching its records for a new epoch"
    ),
    "county.sync.todo.new_epoch": Sentence(
        "等它取完，再请店主清点签字", "Wait; then the keeper counts the cells and signs"
    ),
    "county.sync.say.unknown_station": Sentence("这个站点没登记", "This station is not enrolled"),
    "county.sync.todo.unknown_station": Sentence(
        "登记它：cunyi county enrol {station} 县中心文件夹",
        "Enrol it: cunyi county enrol {station} FOLDER",
    ),
    "county.fact.county_state.applied": Sentence(
        "县里下发的内容已存好（到第 {last} 条）", "Stored what the county sent, up to {last}"
    ),
    "county.verdict.ok": Sentence("一条不少", "none is missing"),
    "county.verdict.rollback": Sentence("少了一段，是旧的", "some are missing, they are old"),
    "county.fact.notice.read": Sentence("{keeper} 看过通知", "{keeper} has read a notice"),
    # -- the technician's command
    "sync.cli.head": Sentence(
        "本站记录到第 {seq} 条（第 {epoch} 期）", "Head {seq}, epoch {epoch}"
    ),
    "sync.cli.applied": Sentence("县里已存到第 {seq} 条", "Committed at the county up to {seq}"),
    "sync.cli.durable": Sentence("其中第 {seq} 条以前不会再丢", "Safe for good there up to {seq}"),
    "sync.cli.waiting": Sentence("待上传 {count} 条", "{count} wait to be sent"),
    "sync.cli.oldest": Sentence("站上最早留着第 {seq} 条", "Oldest kept here: {seq}"),
    "sync.cli.snapshot": Sentence("县里有快照到第 {seq} 条", "Snapshot at the county up to {seq}"),
    "sync.cli.state": Sentence(
        "县里下发的已存到第 {seq} 条", "The county's word is stored up to {seq}"
    ),
    "sync.cli.room": Sentence("还够存 {room}", "Room for {room}"),
    "sync.cli.clock_good": Sentence("时钟：县里校过", "Clock: told by the county"),
    "sync.cli.clock_open": Sentence(
        "时钟：还没有县里校过，只知道不早于现在显示的时间",
        "Clock: not told by the county yet, a lower bound only",
    ),
    "sync.cli.clock_county_ahead": Sentence(
        "县里说的时间比本站所知的晚一天以上，先不信；一小时后再问一次，还这样说就信",
        "The county's time is more than a day ahead of all that is known here, so it is not "
        "believed; in an hour it is asked again, and believed if it says the same",
    ),
    "sync.cli.clock_county_behind": Sentence(
        "县里说的时间比本站的早，先不信：请县里看一看它的时钟",
        "The county's time lies behind ours, so it is not believed: have its clock looked at",
    ),
    "sync.cli.since": Sentence("{says}，{since} 起", "{says} since {since}"),
    "sync.cli.no_daemon": Sentence(
        "站点没有在运行：下面是存储卡上的情况",
        "The station does not run: this is what its card says",
    ),
    "sync.cli.resent": Sentence(
        "已重新问过县中心：{verdict}", "The county was asked anew: {verdict}"
    ),
    "sync.cli.resend_silent": Sentence(
        "问了，县中心还没有回答；站点会自己接着问",
        "Asked, no answer yet; it goes on asking by itself",
    ),
    "sync.cli.resend_down": Sentence(
        "消息通道断着，连上后会自己重新问", "The broker is away; it asks by itself once it is back"
    ),
}
