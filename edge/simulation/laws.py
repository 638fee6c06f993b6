"""The laws in words: what a code in front of a trouble means, Chinese first."""

from typing import Final

from edge.simulation.catalogue.every import CATALOGUE

LAWS: Final = {
    "A1": (
        "记录重放即得状态",
        "replaying the record gives the state, and nothing committed is lost",
    ),
    "D1": ("一次授权只开一扇门", "one authorisation opens one door, and not twice"),
    "D2": ("先存后动作", "a lock moves only for what is stored"),
    "D3": ("启动不开门", "no start opens a door"),
    "D4": ("通电时间有上限", "a coil is under power only for so long, and one at a time"),
    "D5": ("无人吩咐的开门要报警", "a door that nobody asked to open is told at once"),
    "D6": ("程序停了锁就断电", "a daemon that is dead or hangs leaves no coil under power"),
    "D7": ("远程开门有限额", "from afar doors open only so often"),
    "L1": ("有效的码一定开门", "every valid code opens its door, online or not"),
    "L2": ("一分钟内恢复服务", "after one fault it serves or says why within a minute"),
    "L3": ("占用有上限", "memory, card and queues stay within bounds"),
    "L4": ("连续重启有限次", "after a few short starts in a row the doors rest"),
    "P1": ("包裹不会凭空多或少", "every parcel is in exactly one place"),
    "P2": ("空格里没有包裹", "a free cell holds nothing, and no cell two parcels"),
    "P3": ("包裹只给对的人一次", "a parcel goes to its own person, once"),
    "P4": ("结束的事不再翻开", "what has ended is reopened only by a person with a reason"),
    "Q": ("问题只得到自己的答案", "a question gets its own answer and no other"),
    "S1": ("县里只有站里真有的", "the county has what the card committed, in order"),
    "S2": ("每条只生效一次", "each fact has its effect exactly once"),
    "S3": ("只删已备份的", "a card forgets only what is backed up"),
    "S4": ("恢复后全部送达", "once faults stop all arrives, soon"),
    "S5": ("编号连续、链条完整", "no number is missing and the chain holds"),
    "S6": ("两份历史绝不混合", "two histories are told apart and never merged"),
    "S7": ("确认不倒退", "acknowledgements never go back"),
    "S8": ("指令最多生效一次", "a command takes effect at most once, and never late"),
    "S9": ("每条指令有且只有一个结果", "every accepted command has exactly one end"),
    "T1": ("时间戳只增不减", "the station's time only ever grows"),
    "X1": ("猜码次数有限", "codes can be guessed only so often"),
    "X2": ("隐私不外泄", "numbers of people appear only where they must"),
    "X4": ("来路不明的消息不起作用", "what is not authentic changes nothing"),
    "bug": ("程序出错", "an exception that nobody expected"),
    "stopped": ("进程停了", "a process ended by itself"),
}
"""Chinese and English, by the code that stands before the colon."""


OUTSIDE: Final = {
    "T2": (
        "过期的一律不收",
        "nothing that may have expired is accepted",
        (
            "F070",
            "F084",
            "tests/kernel/test_expiry.py::test_a_moment_is_judged_by_both_ends_of_the_bracket",
        ),
    ),
    "T3": (
        "重启和改时钟都换不来新机会",
        "no restart and no clock gives back tries or openings",
        (
            "F084",
            "tests/domain/test_remote_governor.py::test_neither_restarts_nor_clocks_win_a_further_door",
        ),
    ),
    "T4": (
        "时长只按运行时间算",
        "durations are counted by running time alone",
        ("F085", "F086", "F090"),
    ),
    "A2": (
        "改动或截断都会被发现",
        "a change or a cut of the record is found from outside",
        (
            "tests/store/test_damage.py::test_any_changed_byte_of_a_fact_or_its_hash_is_found",
            "tests/store/test_damage.py::test_a_cut_tail_below_the_countys_position_is_found",
        ),
    ),
    "A3": (
        "删除的隐私找不回来",
        "what was erased is nowhere to be found, and the chain still holds",
        ("F004",),
    ),
    "X3": (
        "各站密钥互不相同",
        "no two stations share a secret",
        ("tests/identity/test_files.py::test_a_thousand_enrolled_stations_share_no_secret",),
    ),
}
"""Laws of which no judge speaks, and where each is judged instead: by what the scenarios of these
faults expect themselves, or by these tests. A3 so far holds for printed codes only.
"""
MONEY: Final = {
    "M2": ("账目只增不改", "what is booked is never changed, and the same once only"),
    "M3": ("钱箱与账相符", "the drawer holds what the books say"),
    "M4": ("每笔缴费有且只有一个结果", "each payment has exactly one end, and is charged once"),
    "M5": ("退款不超过原额", "what goes back is never more than what was paid"),
    "M6": ("班次与票号连续", "shifts and receipts have no gap"),
    "M7": ("站县账目一致", "the county's books are the sum of its stations'"),
}
"""Laws that wait for money to be here: nothing judges them yet."""


def sentence(law: str) -> str:
    """A law in both languages. Raises KeyError for a code that is none."""
    zh, en = (LAWS.get(law) or MONEY.get(law) or OUTSIDE[law])[:2]
    return f"{law} {zh} · {en}"


def in_words(trouble: str) -> str:
    """A trouble with its law, or those at stake in its fault, said in both languages.

    What has no such code stays as it is.
    """
    code, _, what = trouble.partition(":")
    if code in LAWS:
        return f"{sentence(code)}:{what}"
    at_stake = [law for fault in CATALOGUE if fault.code == code for law in fault.laws]
    return f"{trouble} ({'; '.join(map(sentence, at_stake))})" if at_stake else trouble
