"""The county opens a cell: what its page, its command line and the keeper's screen say of that."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

_FACTS: Final[Mapping[str, Sentence]] = {
    "county.fact.remote.accepted": Sentence(
        "{operator}从县里开 {cell} 号门：{reason}",
        "{operator} opens door {cell} remotely: {reason}",
    ),
    "county.fact.remote.refused": Sentence(
        "没给{operator}开 {cell} 号门：{reason}",
        "Door {cell} not opened remotely for {operator}: {reason}",
    ),
    "county.fact.remote.ended": Sentence("县里开门：{result}", "Remote opening: {result}"),
    "county.fact.clock.synced": Sentence("和县里对了时间", "Clock set by the county"),
    "county.purpose.remote": Sentence("县里开门", "opened by the county"),
    "county.reason.remote_opened": Sentence("县里远程开过", "opened by the county"),
    "county.result.opened": Sentence("门开了", "the door opened"),
    "county.result.no_feedback": Sentence("没看到门开", "no sign of opening"),
    "county.result.indeterminate": Sentence("门开没开不知道", "nobody knows whether it opened"),
}

_REFUSALS: Final[Mapping[str, Sentence]] = {
    "county.reason.scope": Sentence("不是给这个站点的", "meant for another station or journal"),
    "county.reason.dup_body": Sentence("编号用过，内容不同", "its name was used for another"),
    "county.reason.fence": Sentence("次序过时", "older than one before it"),
    "county.reason.stale": Sentence("来得太晚", "too late, or sent twice"),
    "county.reason.expired": Sentence("过了时限", "past its time"),
    "county.reason.clock_unsure": Sentence("站点时间不准", "the station is not sure of the time"),
    "county.reason.rate": Sentence(
        "远程开门太多（10 分钟 3 次，一天 10 次）",
        "too many remote openings (3 in ten minutes, 10 a day)",
    ),
    "county.reason.unknown_cell": Sentence("没有这个格", "no such cell"),
    "county.reason.counting": Sentence("站点还没清点", "the station is still to be counted"),
    "county.reason.doors_rest": Sentence("柜门暂停使用", "doors rest just now"),
    "county.reason.door_not_shut": Sentence("门没关", "the door is not shut"),
    "county.reason.cell_faulted": Sentence("格子要检修", "the cell needs a repair"),
    "county.reason.wrong_parcel": Sentence("格内不是这件", "another parcel, or none, is inside"),
    "county.reason.nobody_answers": Sentence("没写谁、为什么", "nobody named, or no reason"),
}

_STATES: Final[Mapping[str, Sentence]] = {
    "county.commands": Sentence("远程开门", "Remote openings"),
    "county.command.line": Sentence(
        "{time} {operator} 开 {cell} 号门（{reason}）：{state}",
        "{time} {operator}, door {cell} ({reason}): {state}",
    ),
    "county.command.nonce_asked": Sentence("等站点回应", "waiting for the station"),
    "county.command.sent": Sentence("已发出，等结果", "sent, no result yet"),
    "county.command.accepted": Sentence("站点已接受，等开门", "the station took it, no result yet"),
    "county.command.opened": Sentence("门开了", "the door opened"),
    "county.command.no_feedback": Sentence("发了开锁，没看到门开", "unlocked, no sign of opening"),
    "county.command.indeterminate": Sentence(
        "门开没开不知道", "nobody knows whether the door opened"
    ),
    "county.command.refused": Sentence("站点没开〔：{why}〕", "the station refused〔: {why}〕"),
    "county.command.no_answer": Sentence(
        "没有回应，门开没开还不知道", "no answer: the door may or may not have opened"
    ),
    "county.command.not_sent": Sentence(
        "站点没回应，没有发出，门没开", "the station did not answer, nothing was sent"
    ),
}

_KEEPER: Final[Mapping[str, Sentence]] = {
    "keeper.alert.remote_opened": Sentence(
        "县里 {operator} 因“{reason}”远程打开了 {cell} 号，请看看里面。",
        "{operator} at the county opened cell {cell} remotely: “{reason}”. Have a look inside.",
    ),
    "keeper.alert.remote_tried": Sentence(
        "县里 {operator} 因“{reason}”远程开过 {cell} 号，没看到门开，请看看里面。",
        "{operator} at the county unlocked cell {cell} remotely: “{reason}”. Nobody saw it open. "
        "Have a look inside.",
    ),
}

WORDS: Final[Mapping[str, Sentence]] = {**_FACTS, **_REFUSALS, **_STATES, **_KEEPER}
