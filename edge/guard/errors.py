"""Errors as pages get them: {"error": {"code", "message"}}, the message in the reader's words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from edge.kernel.errors import Refused, StoreError
from edge.words import say

Language = Callable[[Request], str]

NOT_SIGNED_IN: Final = "not_signed_in"
_CODES: Final = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: NOT_SIGNED_IN,
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong_method",
}


def problem(status: int, code: str, message: str) -> JSONResponse:
    """The one shape that every error of ours has."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def install_errors(app: FastAPI, language: Language) -> None:
    """Refused is 409 (401 when nobody is signed in), bad input 422, a store in trouble 503."""

    async def refused(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refused)  # noqa: S101 - registered for this class alone
        unknown = refusal.reason == NOT_SIGNED_IN
        status = HTTPStatus.UNAUTHORIZED if unknown else HTTPStatus.CONFLICT
        return problem(status, refusal.reason, _sentence(refusal, language(request)))

    async def bad_input(request: Request, _cause: Exception) -> Response:
        text = say("bad_request", language(request))
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request", text)

    async def store_failed(request: Request, _cause: Exception) -> Response:
        text = say("store_failed", language(request))
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "store_failed", text)

    async def http(request: Request, cause: Exception) -> Response:
        assert isinstance(cause, HTTPException)  # noqa: S101 - registered for this class alone
        code = _CODES.get(HTTPStatus(cause.status_code), "bad_request")
        answer = problem(cause.status_code, code, say(code, language(request)))
        answer.headers.update(cause.headers or {})
        return answer

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, bad_input)
    app.add_exception_handler(StoreError, store_failed)
    app.add_exception_handler(HTTPException, http)


def _sentence(refusal: Refused, language: str) -> str:
    try:
        return say(refusal.reason, language, **refusal.details)
    except KeyError:
        return refusal.reason
