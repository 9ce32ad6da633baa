"""Errors as JSON: `{"error": {"status", "kind", "what", "expected", "received", "remedy"}}`."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from edgedigits.errors import EdgeDigitsError, PictureError, SourceError


class Problem(Exception):
    """An error as the answer to a request; `kind` is a short name that programs can test."""

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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the answer, without empty parts."""
        parts = {name: text for name, text in self.parts.items() if text}
        return {"error": {"status": self.status, "kind": self.kind, **parts}}

    def response(self) -> Response:
        """Return the HTTP answer."""
        answer = jsonify(self.to_dict())
        answer.status_code = self.status
        if self.retry_after:
            answer.headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            answer.headers["WWW-Authenticate"] = 'Bearer realm="edgedigits"'
        return answer


def from_library(error: EdgeDigitsError) -> Problem:
    """Return the library's own error in HTTP terms: 422 for a picture, 503 for a camera, otherwise 400."""
    status, kind = 400, "bad_request"
    if isinstance(error, PictureError):
        status, kind = 422, "picture"
    elif isinstance(error, SourceError):
        status, kind = 503, "camera"
    return Problem(
        status, kind, error.what, expected=error.expected, received=error.received, remedy=error.remedy
    )


def too_large(limit: int, size: int) -> Problem:
    """Return the answer to a body of `size` bytes if `limit` are allowed."""
    return Problem(
        413,
        "request_entity_too_large",
        "the body of the request is too large",
        expected=f"at most {limit / 1e6:g} MB",
        received=f"{size:,} bytes",
        remedy="send a smaller picture or a JPEG; digits need to be only about 25 pixels high",
    )


def _in_our_words(error: Any, app: Flask) -> Problem:
    """Return an error of werkzeug with the same parts as all others."""
    kind = error.name.lower().replace(" ", "_")
    asked = f"{request.method} {request.path[:100]}"
    if isinstance(error, RequestEntityTooLarge):
        limit, size = app.config["MAX_CONTENT_LENGTH"], request.content_length or 0
        if size > limit:
            return too_large(limit, size)
        return Problem(  # Flask's limits on forms have the same status
            413,
            kind,
            "the form contains too much besides its file",
            expected=f"at most {app.config['MAX_FORM_PARTS']} fields, "
            f"and {app.config['MAX_FORM_MEMORY_SIZE']:,} bytes in those without a file",
            received="more than that",
            remedy="send the file alone, as the body or as the one field of a form",
        )
    if isinstance(error, MethodNotAllowed):
        return Problem(
            405,
            kind,
            f"{request.path[:100]} does not accept {request.method[:20]}",
            expected=", ".join(sorted(error.valid_methods or ())),
            received=asked,
            remedy="use one of the expected methods; /api/openapi.json describes them",
        )
    if isinstance(error, NotFound):
        return Problem(
            404,
            kind,
            "there is nothing at this address",
            expected="a path that /api/openapi.json describes, or / for the page",
            received=asked,
            remedy="check the spelling of the address",
        )
    return Problem(error.code, kind, error.description or error.name)


def register(app: Flask) -> None:
    """Make every failure answer in the same form."""

    def problem(error: Problem) -> Response:
        return error.response()

    def library(error: EdgeDigitsError) -> Response:
        return from_library(error).response()

    def http(error: Any) -> Response:
        if error.code is None or error.code < 400:
            return error.get_response()
        answer = _in_our_words(error, app).response()
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
        return answer

    def unforeseen(error: Exception) -> Response:
        app.logger.exception("unexpected error", exc_info=error)
        return Problem(
            500, "internal", "something went wrong inside the server", remedy="its log has the details"
        ).response()

    app.register_error_handler(Problem, problem)
    app.register_error_handler(EdgeDigitsError, library)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unforeseen)
