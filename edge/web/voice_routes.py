"""K15 by ear: dialect and loudness at the kiosk, and what a page says when somebody turns to it."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from edge.daemon.devices.voice_choice import Loudness, VoiceChoice
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, Ask, answer
from edge.web.ruled import Language, RuledRoute, TheFront

router = APIRouter(route_class=RuledRoute, tags=["kiosk"])


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceView:
    """What there is to choose from, and what is chosen."""

    dialects: tuple[str, ...]
    dialect: str
    loudness: str


class VoiceAsk(Ask):
    """A choice; `aloud` lets it be heard at once."""

    dialect: Annotated[str, Field(max_length=20)]
    loudness: Annotated[Loudness, Field(strict=False)]
    aloud: bool = True


class StepAsk(Ask):
    """A page that somebody has turned to."""

    page: Literal["type", "track", "display", "no_code"]


class DigitAsk(Ask):
    """A digit that was typed; which number it belongs to is not told."""

    digit: Annotated[int, Field(ge=0, le=9)]


@router.post("/api/kiosk/voice")
@rule(Rule.LOCAL)
async def choose_voice(ask: VoiceAsk, front: TheFront, language: Language) -> AnswerBody:
    """Speak so from now on."""
    front.choose_voice(ask.dialect, ask.loudness, aloud=ask.aloud)
    return answer(None, language)


@router.post("/api/kiosk/step")
@rule(Rule.LOCAL)
async def say_step(ask: StepAsk, front: TheFront, language: Language) -> AnswerBody:
    """Say what is to be done on this page."""
    front.voice.step(ask.page)
    return answer(None, language)


@router.post("/api/kiosk/digit")
@rule(Rule.LOCAL)
async def say_digit(ask: DigitAsk, front: TheFront, language: Language) -> AnswerBody:
    """Say a digit of the keypad. Nothing is kept."""
    front.voice.digit(ask.digit)
    return answer(None, language)


def voice_view(voice: VoiceChoice | None) -> VoiceView | None:
    """None where there is no loudspeaker."""
    if voice is None or not voice.present:
        return None
    return VoiceView(dialects=voice.dialects, dialect=voice.dialect, loudness=voice.loudness.value)
