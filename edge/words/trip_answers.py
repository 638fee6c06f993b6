"""What the station answers while a van is at the door, with the next step."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- answers to a scan and to a wish
    "courier_here": Sentence(
        "快递员已登录。请扫每个袋子的封签。", "The courier is here. Scan the seal of each bag."
    ),
    "bag_in": Sentence("袋 {seal} 已收。", "Bag {seal} is in."),
    "bag_over": Sentence(
        "多件：袋 {seal} 不在本班清单里。先收下，会记为“多”。",
        "Over: bag {seal} is not on this trip's list. Take it; it counts as over.",
    ),
    "bag_misrouted": Sentence(
        "错分：袋 {seal} 应到 {to}〔，下一站 {next_hop}〕。请留在车上。",
        "Misrouted: bag {seal} belongs to {to}〔, next hop {next_hop}〕. Leave it on the van.",
    ),
    "bag_cross_dock": Sentence(
        "本班：袋 {seal} 去 {to}，放到 {next_hop} 的笼车。",
        "Our run: bag {seal} goes to {to}; put it into the cage of {next_hop}.",
    ),
    "bag_already": Sentence(
        "袋 {seal} 已经扫过，只算一次。请扫下一个。",
        "Bag {seal} is scanned already and counts once. Scan the next one.",
    ),
    "bag_out": Sentence(
        "袋 {seal} 交出，下一站 {next_hop}。", "Bag {seal} goes out, next hop {next_hop}."
    ),
    "bag_is_out": Sentence(
        "袋 {seal} 刚记为交出。弄错了请先点“撤销”。",
        "Bag {seal} has just gone out. If that is wrong, take that scan back first.",
    ),
    "bag_just_came": Sentence(
        "袋 {seal} 是这一班刚送来的，不能交出。弄错了请先点“撤销”。",
        "Bag {seal} has just come with this van. If that is wrong, take that scan back first.",
    ),
    "bag_not_emptied": Sentence(
        "袋 {seal} 里的件还没入完。请先入库，或点“袋已空”。",
        "Bag {seal} is not emptied yet. Check its parcels in first, or say that it is empty.",
    ),
    "bag_of_other_run": Sentence(
        "袋 {seal} 去 {to}，是 {next_hop} 的，不是这一班。请放回那个笼车。",
        "Bag {seal} goes to {to} by {next_hop}, not by this run. Put it back into that cage.",
    ),
    "seal_wanted": Sentence(
        "这是快递单号。接车时请扫袋上的封签号。",
        "This is a parcel's number. At a handover scan the seal on the bag.",
    ),
    "waybill_wanted": Sentence(
        "这是袋上的封签号。入库请扫袋里每个包裹的快递单号。",
        "This is a bag's seal. For check-in scan the number of each parcel in the bag.",
    ),
    "scan_taken_back": Sentence(
        "袋 {seal} 的扫描已撤销。", "The scan of bag {seal} is taken back."
    ),
    "damage_noted": Sentence("袋 {seal} 记为破损。", "Bag {seal} is noted as damaged."),
    "bags_out": Sentence(
        "现在扫的是交出的袋，下一站 {next_hop}。", "Scanned bags go out now, next hop {next_hop}."
    ),
    "bags_in": Sentence("现在扫的是收下的袋。", "Scanned bags come in now."),
    "both_counts_kept": Sentence(
        "两边的数都记下了。可以继续扫，也可以签字。",
        "Both counts are kept. Scan on, or sign.",
    ),
    "handover_held_up": Sentence(
        "交接已挂起，扫过的不会丢。下次再登录接着扫。",
        "The handover waits; what was scanned is kept. Sign in again to go on.",
    ),
    "handover_signed": Sentence(
        "交接完成，两张交接单正在打印。", "Both have signed; two slips are being printed."
    ),
    "parcel_misrouted": Sentence(
        "错分：这件应到 {to}〔，下一站 {next_hop}〕。不入柜，请放到退回筐。",
        "Misrouted: this parcel belongs to {to}〔, next hop {next_hop}〕. It gets no cell; put it "
        "aside for the van.",
    ),
    "bag_done": Sentence(
        "袋 {seal} 已清空，一件不少。", "Bag {seal} is empty, nothing is missing."
    ),
    "bag_short": Sentence(
        "袋 {seal} 少 {count} 件，已报县中心。找到了照常扫入库。",
        "Bag {seal} lacks {count}; the county is told. If one turns up, check it in as usual.",
    ),
    # -- refusals
    "handover_under_way": Sentence(
        "另一位快递员的交接还没完。请先签字或挂起。",
        "Another handover is under way. Sign it or let it wait first.",
    ),
    "no_handover": Sentence(
        "现在没有交接。请快递员先登录。", "No handover is under way. The courier signs in first."
    ),
    "bag_not_scanned": Sentence(
        "没有这个袋。请先扫它的封签。", "There is no such bag here. Scan its seal first."
    ),
    "no_route": Sentence(
        "路由表里没有这个方向。请打电话问县中心，先别交出。",
        "The route table has no such direction. Ask the county before you hand anything out.",
    ),
    "nothing_scanned": Sentence(
        "还没扫任何袋。请先扫封签，没有袋就点“挂起”。",
        "Nothing is scanned yet. Scan the seals; if there are no bags, let the handover wait.",
    ),
    "other_courier": Sentence(
        "签字的不是登录的快递员。请他本人输 PIN 码。",
        "This is not the courier who signed in. That one has to enter the PIN.",
    ),
    "courier_unknown": Sentence(
        "快递员姓名或 PIN 码不对。请再试；新来的请县里先登记。",
        "Courier's name or PIN is wrong. Try again; a new courier has to be added first.",
    ),
    "trip_unfit": Sentence(
        "班次号只能有字母、数字和短横线。请看派车单再输。",
        "A trip's number has letters, digits and dashes. Look at the run sheet and type it again.",
    ),
}
