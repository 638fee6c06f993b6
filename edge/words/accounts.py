"""Signing in at the county, and why an account is not made or changed so."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- signing in
    "account.wrong": Sentence(
        "账号或密码不对。请检查后再输。", "Name or password is wrong. Look at both and type again."
    ),
    "account.wait": Sentence(
        "刚才错得太多。请等 {seconds} 秒再试。",
        "Too many wrong tries. Wait {seconds} s, then try again.",
    ),
    "account.code_needed": Sentence(
        "密码对了。请输手机验证器上的 6 位码。",
        "The password is right. Type the 6 digits of your authenticator app.",
    ),
    "account.code_wrong": Sentence(
        "验证码不对，或者已经用过。请等下一个码再输，或用一个备用码。",
        "This code is wrong or was used already. Wait for the next one, or use a recovery code.",
    ),
    # -- names and passwords
    "account.name_unfit": Sentence(
        "账号名请用 1 到 {letters} 个字、字母、数字或 ·.@-，中间不留空格。",
        "A name has 1 to {letters} letters, digits or any of ·.@- and no space in it.",
    ),
    "account.name_taken": Sentence(
        "已经有过账号 {name}。请换一个名字：名字只用一次，记录才分得清。",
        "There is or was an account {name}. Take another name: each is given once.",
    ),
    "account.password_short": Sentence(
        "密码太短。请用至少 {letters} 个字符，或一句 {hanzi} 个汉字以上的话。",
        "The password is too short. Take {letters} letters or more, or a sentence of {hanzi} "
        "Chinese characters.",
    ),
    "account.password_long": Sentence(
        "密码太长。最多 {letters} 个字符。",
        "The password is too long. Take {letters} letters at most.",
    ),
    "account.password_is_name": Sentence(
        "密码里几乎只有账号名。请换一个别人想不到的。",
        "The password is hardly more than the name. Take one that nobody thinks of.",
    ),
    "account.password_common": Sentence(
        "这个密码谁都会先试。请换一个。",
        "This password is among the first that anybody tries. Take another.",
    ),
    # -- changes
    "account.role_unknown": Sentence(
        "没有这个角色。请从这些里选：{roles}。", "There is no such role. Take one of: {roles}."
    ),
    "account.unknown": Sentence(
        "没有账号 {name}。请看 cunyi county account list。",
        "There is no account {name}. See cunyi county account list.",
    ),
    "account.disabled": Sentence(
        "账号 {name} 已停用，不能再改。请新建一个。",
        "Account {name} is disabled and is not changed any more. Add another one.",
    ),
    "account.last_admin": Sentence(
        "这是最后一个管理员。请先让另一个账号成为管理员。",
        "This is the last admin. Make another account an admin first.",
    ),
    "account.factor_on": Sentence(
        "这个账号已有验证器。请先去掉旧的，再登记新的。",
        "This account has a second factor. Remove it first, then enrol another.",
    ),
    "account.operator_missing": Sentence(
        "请说明是谁在操作，最多 {letters} 个字。",
        "Say who you are, in {letters} letters at most.",
    ),
    "account.day_unread": Sentence(
        "{option} 不是日期。请写成 2026-11-25。", "{option} is no day. Write it as 2026-11-25."
    ),
}
