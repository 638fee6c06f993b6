"""What the frame of every page says."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "page.house": Sentence("村驿", "cunyi"),
    "page.simulated": Sentence("模拟", "Simulated"),
    "page.link_lost": Sentence(
        "机器暂时没反应，正在重新连接…",
        "The machine does not answer. Connecting again…",
    ),
}
