"""The slip of a proxy: for whom it is, until when it is good, the code large and the QR."""

from collections.abc import Mapping
from typing import Any

from edge.daemon.devices.slip_head import LEADING, large_title, lay_out_head, slip_words
from edge.kernel.masking import spaced_code
from edge.kernel.village_time import village_time
from hardware.ports import Block, Qr, Rule, Text


def lay_out_proxy_slip(
    *, station_name: str, content: Mapping[str, Any], again: bool
) -> tuple[Block, ...]:
    """Blocks of one slip. `again` marks one that may have come out before (补打)."""
    day = village_time(content["until_ms"])
    title = large_title("slip.proxy.title")
    head = lay_out_head(station_name=station_name, title=title, again=again)
    owner = slip_words("slip.proxy.owner", owner=content["owner"], tail=content["phone_tail"])
    until = slip_words("slip.proxy.until", month=day.month, day=day.day)
    return (
        *head,
        LEADING,
        Rule(),
        Text(text=slip_words("slip.proxy.who", proxy=content["proxy"]), centred=True),
        Text(text=owner, centred=True),
        Text(text=slip_words("slip.proxy.count", count=content["count"]), centred=True),
        Text(text=slip_words("slip.proxy.code"), centred=True),
        Text(text=spaced_code(content["digits"]), scale=3, centred=True, bold=True),
        Qr(data=content["token"], module_dots=7),
        Text(text=slip_words("slip.proxy.how"), centred=True),
        Text(text=until, centred=True, bold=True),
        Rule(),
    )
