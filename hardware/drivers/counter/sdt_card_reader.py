"""A reader of identity cards with an SDT module. Nothing of a card is ever logged or kept."""

import time
from collections.abc import Callable

from firmware_bridge.assembler import Assembler, FrameError
from firmware_bridge.card_reader import (
    EVERY_S,
    PATIENCE_S,
    Ask,
    CardFlaw,
    CardText,
    CardWatch,
    look,
)
from hardware.byte_channel import ByteChannel
from hardware.drivers.port_thread import PortThread, hear, let_pass, put
from hardware.options import PortOptions
from hardware.ports import CardReader, DeviceHealth, IdCard


class SdtCardReader:
    """Implements CardReader."""

    def __init__(self, options: PortOptions) -> None:
        self._thread = PortThread(options)
        self._damaged = False

    def start(self, on_card: Callable[[IdCard], None] | None) -> None:
        """Begin looking for cards; the driver's thread calls `on_card` once for each laid on.

        None: no card is selected or read.
        """

        def serve(channel: ByteChannel) -> None:
            watch = CardWatch(reads=on_card is not None)
            while not self._thread.stopping:
                self._cycle(channel, watch, on_card)

        self._thread.begin(serve)

    def health(self) -> DeviceHealth:
        """Present while it answers; the note tells of a card that cannot be read."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop looking and give the port back."""
        await self._thread.end()

    def _cycle(
        self, channel: ByteChannel, watch: CardWatch, on_card: Callable[[IdCard], None] | None
    ) -> None:
        """One question; three of them in a row read a card, and only then comes the pause."""
        began_s = time.monotonic()
        card = self._question(channel, watch)
        if (
            card is not None and on_card is not None
        ):  # the answer itself is forgotten by now, even by a traceback
            on_card(IdCard(name=card.name, number=card.number))
        if watch.ask is Ask.FIND:
            let_pass(channel, began_s + EVERY_S, self._thread)

    def _question(self, channel: ByteChannel, watch: CardWatch) -> CardText | None:
        answer = self._put(channel, watch.ask)
        if answer is None:
            watch.unanswered()
            if not self._thread.stopping:
                self._thread.missed(noisy=self._damaged)
            return None
        outcome = watch.answered(answer)
        if outcome is CardFlaw.ANSWER:
            self._thread.missed(noisy=False, note="card_reader.faulty")
            return None
        if isinstance(outcome, CardFlaw):
            self._thread.bad_frames += 1
        self._thread.answered("card_reader.unreadable" if watch.troubled else "")
        return outcome if isinstance(outcome, CardText) else None

    def _put(self, channel: ByteChannel, ask: Ask) -> bytes | None:
        """The answer, or None when no whole one came in time."""
        answers = Assembler(look)
        self._damaged = False
        put(channel, ask.value)
        for chunk in hear(channel, PATIENCE_S[ask], self._thread):
            for item in answers.feed(chunk):
                if not isinstance(item, FrameError):
                    return item
                self._damaged = True
        return None


def _conforms(driver: SdtCardReader) -> CardReader:
    return driver  # mypy stops here first if the port moves
