"""The laws in words: what a code in front of a trouble means, Chinese first."""

from typing import Final

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


def in_words(trouble: str) -> str:
    """A trouble with its law said in both languages; what has no such code stays as it is."""
    code, _, what = trouble.partition(":")
    if code not in LAWS:
        return trouble
    zh, en = LAWS[code]
    return f"{code} {zh} · {en}:{what}"
