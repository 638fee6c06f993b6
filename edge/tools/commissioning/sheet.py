"""The sheet that hangs in the cabinet: a drawing with cell numbers, and where each one is wired.

One plain HTML page without scripts or anything from outside; it prints on A4 in black.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from edge.settings import LockBoardTable, Settings
from edge.tools.commissioning.asking import worded
from edge.tools.commissioning.lesson import BoardPlan, Fault, Place, Trouble
from edge.words import LANGUAGES

IN_A_COLUMN: Final = 8
_WIDTH: Final = 96
_HEIGHT: Final = 56
_GAP: Final = 6
_MARGIN: Final = 8

_STYLE: Final = """
body { font: 14px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 12mm; }
body { color: #000; }
h1 { font-size: 22px; margin: 0 0 4px; }
h2 { font-size: 16px; margin: 20px 0 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #000; padding: 3px 6px; text-align: left; }
svg text { font-family: inherit; text-anchor: middle; }
svg rect { fill: none; stroke: #000; }
.boards { display: flex; flex-wrap: wrap; gap: 24px; }
figure { margin: 0; break-inside: avoid; }
figcaption { font-weight: bold; margin-bottom: 4px; }
@media print { body { margin: 0; } }
"""


def sheet(
    settings: Settings,
    plans: Sequence[BoardPlan],
    troubles: Sequence[Trouble],
    *,
    operator: str,
    at: str,
) -> str:
    """The whole page."""
    boards = list(zip(settings.cabinet.boards, plans, strict=True))
    wrong = {trouble.place for trouble in troubles if trouble.fault is not Fault.NO_DOOR}
    title = _both("commission.sheet.title", station=settings.station.name)
    about = _both(
        "commission.sheet.about",
        id=settings.station.id,
        county=settings.station.county,
        operator=operator,
        at=at,
    )
    parts = [
        '<!doctype html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(settings.station.name)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{title}</h1>\n<p>{about}</p>",
        '<div class="boards">',
        *(_drawing(n, board, plan, wrong) for n, (board, plan) in enumerate(boards, 1)),
        "</div>",
        _board_table(boards),
        _trouble_list(troubles),
        f"<p>{_both('commission.sheet.signed')}</p>\n</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _drawing(number: int, board: LockBoardTable, plan: BoardPlan, wrong: set[Place]) -> str:
    """Boxes in columns, channel 1 on top left: the order of the board, which never changes."""
    columns = -(-board.channels // IN_A_COLUMN)
    rows = min(board.channels, IN_A_COLUMN)
    width = 2 * _MARGIN + columns * (_WIDTH + _GAP)
    height = 2 * _MARGIN + rows * (_HEIGHT + _GAP)
    boxes = [
        _box(number, channel, plan, marked=Place(number, channel) in wrong)
        for channel in range(1, board.channels + 1)
    ]
    caption = _both("commission.sheet.board", board=number)
    return (
        f"<figure><figcaption>{caption}</figcaption>\n"
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{number}">\n' + "\n".join(boxes) + "\n</svg></figure>"
    )


def _box(board: int, channel: int, plan: BoardPlan, *, marked: bool) -> str:
    column, row = divmod(channel - 1, IN_A_COLUMN)
    x = _MARGIN + column * (_WIDTH + _GAP)
    y = _MARGIN + row * (_HEIGHT + _GAP)
    cell, sensor = plan.cells[channel - 1], plan.sensors[channel - 1]
    dash = "" if cell else ' stroke-dasharray="4 3"'
    number = f"{cell:02d}" if cell else "—"
    mark = " ⚠" if marked else ""
    place = f"{board}·{channel:02d}" + ("" if sensor == channel else f" ⇠{sensor:02d}")
    middle = x + _WIDTH / 2
    return (
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}"{dash}/>'
        f'<text x="{middle}" y="{y + 27}" font-size="22">{number}{mark}</text>'
        f'<text x="{middle}" y="{y + 47}" font-size="12">{place}</text>'
    )


def _board_table(boards: Sequence[tuple[LockBoardTable, BoardPlan]]) -> str:
    heads = ("board", "driver", "port", "address", "closed_bit", "dead")
    head = "".join(f"<th>{_both(f'commission.sheet.head.{name}')}</th>" for name in heads)
    rows = []
    for number, (board, plan) in enumerate(boards, start=1):
        dead = ", ".join(f"{n:02d}" for n, cell in enumerate(plan.cells, start=1) if not cell)
        cells = (number, board.driver, board.port, board.address, plan.closed_bit, dead or "—")
        rows.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>")
    title = _both("commission.sheet.wiring")
    return f"<h2>{title}</h2>\n<table><tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>"


def _trouble_list(troubles: Sequence[Trouble]) -> str:
    if not troubles:
        return ""
    lines = "\n".join(
        f"<li>{_lines(trouble_line(trouble, language) for language in LANGUAGES)}</li>"
        for trouble in troubles
    )
    return f"<h2>{_both('commission.sheet.troubles')}</h2>\n<ul>\n{lines}\n</ul>"


def trouble_line(trouble: Trouble, language: str) -> str:
    """What is wrong at which lock, and what to do about it."""
    other = trouble.other
    return worded(
        f"commission.fault.{trouble.fault}",
        language,
        board=trouble.place.board,
        channel=f"{trouble.place.channel:02d}",
        cell=trouble.cell or "",
        other_board=other.board if other else "",
        other_channel=f"{other.channel:02d}" if other else "",
    )


def _both(key: str, **blanks: str | int) -> str:
    return _lines(worded(key, language, **blanks) for language in LANGUAGES)


def _lines(texts: Iterable[str]) -> str:
    return " / ".join(escape(text) for text in texts)
