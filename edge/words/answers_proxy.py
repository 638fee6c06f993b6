"""More answers and refusals: about codes and passes for proxies."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "proxy_queued": Sentence(
        "代取码开好了，{count} 件。小票给代取人，只限今天。",
        "Proxy code made for {count} parcels. Give them the slip; it is good today only.",
    ),
    "proxy_revoked": Sentence("代取码作废了。", "The proxy code is no longer good."),
    "proxy_shown": Sentence("代取码对了。", "The proxy code is right."),
    "proxy_agreed": Sentence("同意了，请交给代取人。", "Agreed: hand it to the proxy."),
    "proxy_declined": Sentence("记好了：这件不给代取。", "Noted: not for the proxy."),
    "proxy_expired": Sentence(
        "这个代取码过了当天，不能用了。请找店主。",
        "This proxy code was good for its day only. Ask the keeper.",
    ),
    "proxy_dead": Sentence(
        "这个代取码已作废。请找店主。", "This proxy code is no longer good. Ask the keeper."
    ),
    "proxy_not_agreed": Sentence(
        "店主没有同意代取。请收件人自己来，或找店主。",
        "The keeper did not agree. The addressee has to come, or ask the keeper.",
    ),
    "proxy_show_again": Sentence(
        "时间长了，请再扫一次代取码。", "That was a while ago: show the proxy code again."
    ),
    "proxy_waits": Sentence("剩下的请等店主。", "The rest waits for the keeper."),
    "proxy_not_one_owner": Sentence(
        "一个代取码只能开给同一个尾号的件。", "A proxy code is for parcels of one phone only."
    ),
    "proxy_no_own_code": Sentence(
        "这件没有取件码，不能开代取码。请当面交。",
        "This parcel has no code of its own, so none for a proxy: hand it out in person.",
    ),
    "proxy_name_missing": Sentence("请写上姓名。", "Write the names."),
    "proxy_not_waiting": Sentence("这件没有在等。", "This one is not waiting."),
    "pass_forged": Sentence(
        "这个授权码不是县中心开的，不能用。请找店主。",
        "The county did not make this code: it opens nothing. Ask the keeper.",
    ),
    "pass_elsewhere": Sentence(
        "这个授权码是别的驿站的。请看授权页上写的驿站。",
        "This code is for another station: its page says which.",
    ),
    "pass_no_parcel": Sentence(
        "这件包裹不在本站，可能还没到，也可能早取走了。请问店主。",
        "That parcel is not here: not yet, or no longer. Ask the keeper.",
    ),
    "kiosk.no.pass_forged": Sentence("授权码不对", "This is no code of the county"),
    "kiosk.no.pass_elsewhere": Sentence("这是别的驿站的", "This is for another station"),
    "kiosk.no.pass_no_parcel": Sentence("包裹不在本站", "That parcel is not here"),
    "kiosk.next.pass_forged": Sentence(
        "请收件人在手机上再开一个，或找店主。",
        "The addressee can make one on the phone, or ask the keeper.",
    ),
    "kiosk.next.pass_elsewhere": Sentence(
        "请看授权页上写的驿站。", "The page of the code says which station."
    ),
    "kiosk.next.pass_no_parcel": Sentence("请问店主。", "Ask the keeper."),
    "kiosk.no.proxy_expired": Sentence("代取码过期了", "This code was for its day only"),
    "kiosk.no.proxy_dead": Sentence("代取码作废了", "This code is no longer good"),
    "kiosk.no.proxy_not_agreed": Sentence("店主没有同意", "The keeper did not agree"),
    "kiosk.no.proxy_show_again": Sentence("请再扫一次代取码", "Show the proxy code again"),
    "kiosk.no.proxy_waits": Sentence("剩下的请等店主", "The rest waits for the keeper"),
    "kiosk.next.proxy_expired": Sentence(
        "请收件人再开一个，或找店主。", "Ask for a new one, or the keeper."
    ),
    "kiosk.next.proxy_dead": Sentence("请找店主。", "Ask the keeper."),
    "kiosk.next.proxy_not_agreed": Sentence(
        "请收件人自己来，或问店主。", "The addressee has to come, or ask the keeper."
    ),
}
