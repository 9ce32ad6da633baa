"""Errors as JSON: `{"error": {"status", "kind", "what", "expected", "received", "remedy"}}`."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from edgedigits.errors import EdgeDigitsError, PictureError, SourceError


class Problem(Exception):
    """An answer that is not a success; `kind` is a short name that programs can test."""

    def __init__(
        self,
        status: int,
        kind: str,
        what: str,
        *,
        expected: str = "",
        received: str = "",
        remedy: str = "",
        retry_after: int = 0,
    ) -> None:
        super().__init__(what)
        self.status = status
        self.kind = kind
        self.parts = {"what": what, "expected": expected, "received": received, "remedy": remedy}
        self.retry_after = retry_after

    def response(self) -> Response:
        """The answer that tells it."""
        parts = {name: text for name, text in self.parts.items() if text}
        answer = jsonify({"error": {"status": self.status, "kind": self.kind, **parts}})
        answer.status_code = self.status
        if self.retry_after:
            answer.headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            answer.headers["WWW-Authenticate"] = 'Bearer realm="edgedigits"'
        return answer


def from_library(error: EdgeDigitsError) -> Problem:
    """The library's own error in the terms of HTTP: 422 for a picture, 503 for a camera."""
    status, kind = 400, "bad_request"
    if isinstance(error, PictureError):
        status, kind = 422, "picture"
    elif isinstance(error, SourceError):
        status, kind = 503, "camera"
    return Problem(
        status, kind, error.what, expected=error.expected, received=error.received, remedy=error.remedy
    )


def register(app: Flask) -> None:
    """Make every way of failing answer in the same form."""

    def problem(error: Problem) -> Response:
        return error.response()

    def library(error: EdgeDigitsError) -> Response:
        return from_library(error).response()

    def http(error: Any) -> Response:
        if error.code is None or error.code < 400:
            return error.get_response()
        kind = error.name.lower().replace(" ", "_")
        answer = Problem(error.code, kind, error.description or error.name).response()
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
        return answer

    def unforeseen(error: Exception) -> Response:
        app.logger.exception("unforeseen error", exc_info=error)
        return Problem(
            500, "internal", "something went wrong inside the server", remedy="its log has the details"
        ).response()

    app.register_error_handler(Problem, problem)
    app.register_error_handler(EdgeDigitsError, library)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unforeseen)
