"""What the loudspeaker says: the clips, and which of them make a sentence.

A clip is one recording, `clips/<id>.wav`; its words are here under `voice.<id>`. A sentence is a
row of SPEECH: clips in the order in which they are heard, `{cell}` standing for a number. Villagers
hear Chinese only; the English words tell whoever records or checks a clip what it says.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from edge.words.sentence import Sentence

CLIPS: Final = Path(__file__).parent / "clips"
"""Clips that come with the product, made by scripts/make_clips.py; a station may have its own."""
CELL: Final = "{cell}"
MOST: Final = 999
"""The highest number that can be read out; no station has more cells."""

WORDS: Final[Mapping[str, Sentence]] = {
    "voice.n0": Sentence("零", "zero"),
    "voice.n1": Sentence("一", "one"),
    "voice.n2": Sentence("二", "two"),
    "voice.n3": Sentence("三", "three"),
    "voice.n4": Sentence("四", "four"),
    "voice.n5": Sentence("五", "five"),
    "voice.n6": Sentence("六", "six"),
    "voice.n7": Sentence("七", "seven"),
    "voice.n8": Sentence("八", "eight"),
    "voice.n9": Sentence("九", "nine"),
    "voice.n10": Sentence("十", "ten"),
    "voice.n100": Sentence("百", "hundred"),
    "voice.locker": Sentence("柜", "locker"),
    "voice.cell_open": Sentence("号柜门开了", "is the cell that is open now"),
    "voice.take_and_shut": Sentence("请拿好东西，关上门", "Take your things and shut the door"),
    "voice.cell_still_open": Sentence("号柜门还开着，请关好", "is still open; please shut it"),
    "voice.shut_first": Sentence("号柜门没关，请先关门", "is not shut; shut that door first"),
    "voice.did_it_open": Sentence("没看到门打开，请看屏幕", "No door was seen to open; look here"),
    "voice.wrong_code": Sentence(
        "取件码不对，请看着小票再输", "The code is wrong; look at the slip"
    ),
    "voice.slip_not_valid": Sentence("这张小票不能用", "This slip is not valid here"),
    "voice.codes_paused": Sentence(
        "现在不能输码，请扫小票上的二维码", "Scan the slip instead of typing"
    ),
    "voice.already_collected": Sentence("这件已经取走了", "This parcel was collected already"),
    "voice.ask_keeper": Sentence("请找店主帮忙", "Please ask the keeper"),
    "voice.scan_again": Sentence(
        "没认出来，请对正再扫一次", "Not read; hold it straight, scan again"
    ),
    "voice.already_in": Sentence("这件入过库了", "This parcel is checked in already"),
    "voice.locker_full": Sentence(
        "柜子满了，请放柜台", "The locker is full; keep it at the counter"
    ),
    "voice.power_out": Sentence("停电了，先不收件", "The power is out: no check-in"),
    "voice.battery_low": Sentence(
        "电快没了，柜门先不开，请来电后再来",
        "The battery is nearly empty, no door opens; come back when the power is on",
    ),
    "voice.just_restarted": Sentence(
        "刚断过几次电，请过五分钟再来开门",
        "The power failed a few times; come back in five minutes",
    ),
    "voice.to_contact": Sentence("待联系，请放架上", "To contact: put it on a shelf"),
    "voice.scan_slip": Sentence("取包裹，请扫小票", "To collect, scan your slip"),
    "voice.type_code": Sentence(
        "请输手机号后四位，再输取件码", "Type the last four digits of your phone, then the code"
    ),
    "voice.no_code": Sentence(
        "请选村子，再输手机号后四位", "Choose your village, then the phone's last four digits"
    ),
    "voice.type_waybill": Sentence("请输快递单号", "Type the waybill number"),
    "voice.look_here": Sentence("请看屏幕", "Look at the screen"),
    "voice.choose_print": Sentence("请选字的大小和声音", "Choose print and sound"),
    "voice.opening": Sentence("正在开门，请稍等", "The door opens, one moment"),
    "voice.goodbye": Sentence("谢谢，请慢走", "Thank you, goodbye"),
    "voice.keeper_wanted": Sentence("店主，请来帮忙", "Keeper, please come and help"),
    "voice.at_counter": Sentence("这件请找店主拿", "The keeper has this parcel"),
    "voice.put_on_shelf": Sentence("请放架上，位置看屏幕", "Put it on the shelf shown"),
    "voice.pay_first": Sentence("这件要先付款", "This parcel is to be paid for first"),
    "voice.sign_first": Sentence("这件要当面签收", "This parcel is to be signed for"),
    "voice.returned": Sentence("这件已经退回了", "This parcel was sent back"),
    "voice.wait_a_moment": Sentence("前一个人还没取完，请稍等", "Somebody is at it; one moment"),
    "voice.proxy_not_valid": Sentence("这个代取码不能用", "This code for a proxy is not valid"),
    "voice.other_station": Sentence("这个码是别的驿站的", "This code is for another station"),
    "voice.not_here": Sentence("包裹不在这里", "The parcel is not here"),
    "voice.wait_keeper": Sentence("请等店主过来", "Please wait for the keeper"),
    "voice.show_again": Sentence("请再扫一次", "Please scan it once more"),
    "voice.misrouted": Sentence("这件不是本站的，请放一边", "Not for this station; set it aside"),
    "voice.check_in_is_off": Sentence("请先开始入库", "Turn check-in on first"),
}

SPEECH: Final[Mapping[str, tuple[str, ...]]] = {
    "put_in": ("locker", CELL),
    "door_open": (CELL, "cell_open", "take_and_shut"),
    "door_left_open": (CELL, "cell_still_open"),
    "shut_door_first": (CELL, "shut_first"),
    "did_it_open": ("did_it_open",),
    "wrong_code": ("wrong_code",),
    "unknown_token": ("slip_not_valid", "ask_keeper"),
    "revoked": ("slip_not_valid", "ask_keeper"),
    "locked_out": ("codes_paused", "ask_keeper"),
    "station_locked_out": ("codes_paused", "ask_keeper"),
    "already_collected": ("already_collected",),
    "ask_keeper": ("ask_keeper",),
    "voice_tried": ("take_and_shut",),
    "help_wanted": ("keeper_wanted",),
    "door_unseen": ("ask_keeper",),
    "too_late": ("ask_keeper",),
    "unreadable": ("scan_again",),
    "already_in": ("already_in",),
    "no_free_cell": ("locker_full",),
    "to_contact": ("to_contact",),
    "on_battery": ("power_out",),
    "battery_low": ("battery_low",),
    "just_restarted": ("just_restarted",),
    "check_in_waits": ("just_restarted",),
    "at_shelf": ("at_counter",),
    "put_on": ("put_on_shelf",),
    "pay_first": ("pay_first", "ask_keeper"),
    "sign_first": ("sign_first", "ask_keeper"),
    "see_keeper": ("ask_keeper",),
    "returned": ("returned",),
    "door_in_use": ("wait_a_moment",),
    "proxy_expired": ("proxy_not_valid", "ask_keeper"),
    "proxy_dead": ("proxy_not_valid", "ask_keeper"),
    "proxy_not_agreed": ("ask_keeper",),
    "proxy_waits": ("wait_keeper",),
    "proxy_show_again": ("show_again",),
    "pass_forged": ("proxy_not_valid", "ask_keeper"),
    "pass_elsewhere": ("other_station",),
    "pass_no_parcel": ("not_here", "ask_keeper"),
    "parcel_misrouted": ("misrouted",),
    "scan_not_expected": ("check_in_is_off",),
}
"""The sentence of an answer or of a wish to speak, by its word key; what is missing is silent."""

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "home": ("scan_slip",),
    "type": ("type_code",),
    "track": ("type_waybill",),
    "tracked": ("look_here",),
    "display": ("choose_print",),
    "no_code": ("no_code",),
    "no_code_sent": ("keeper_wanted",),
    "no": ("ask_keeper",),
    "rest": ("ask_keeper",),
    "help": ("keeper_wanted",),
    "called": ("keeper_wanted",),
    "proxy": ("look_here",),
    "ask_keeper": ("ask_keeper",),
    "door": ("take_and_shut",),
    "opening": ("opening",),
    "did_it_open": ("did_it_open",),
    "open": ("cell_open", "take_and_shut"),
    "left_open": ("cell_still_open",),
    "thanks": ("goodbye",),
}
"""Every page of the kiosk, those that a person turns to and those that a door calls for."""


def clips_of(key: str, cell: int | None = None) -> tuple[str, ...]:
    """The clips that say `key`; none where nothing is said, or where the cell is not known."""
    sentence = SPEECH.get(key, ())
    if CELL in sentence and cell is None:
        return ()
    number = () if cell is None else number_clips(cell)
    return tuple(clip for part in sentence for clip in (number if part == CELL else (part,)))


def number_clips(number: int) -> tuple[str, ...]:
    """A number from 0 to MOST as one says it in Chinese. Raises ValueError for any other."""
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} cannot be read out")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds:
        words += [f"n{hundreds}", "n100"]
    if tens:
        # 12 is "ten two", but 112 is "one hundred one ten two".
        words += ["n10"] if tens == 1 and not hundreds else [f"n{tens}", "n10"]
    elif hundreds and ones:
        words.append("n0")
    if ones or not number:
        words.append(f"n{ones}")
    return tuple(words)
