"""What a keeper does on a page, told to the station, and its answer in her words."""

from edge.daemon.front import Front, InputMaker
from edge.web.asks import AnswerBody, answer
from edge.web.slips import why_it_waits


async def tell(front: Front, make: InputMaker, language: str) -> AnswerBody:
    """Decide and commit one input. Raises Refused and StoreError as Front.tell does."""
    reply = await front.tell(make)
    return answer(reply, language, why_it_waits(front, reply))
