"""Access control: the token, the host name, the origin; and the headers of every answer.

Without a token only this computer is served, and only under its own name: otherwise a web site elsewhere
could point a name of its own at 127.0.0.1 (DNS rebinding) and see the camera.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, make_response, redirect, request

from edgedigits.web.problems import Problem

COOKIE = "edgedigits"
COOKIE_SECONDS = 7 * 24 * 3600
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_loopback(host: str) -> bool:
    """Return whether a name or address can be reached only from this computer."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        pass
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(address).is_loopback for address in found)


class Guard:
    """Lets a request pass or raises a `Problem`."""

    def __init__(self, token: str) -> None:
        self.token = token
        # The cookie is derived from the token, so that it is not the token itself and stays valid when the
        # server is restarted.
        self._pass = hmac.new(token.encode(), b"edgedigits session", hashlib.sha256).hexdigest()

    def check(self) -> Response | None:
        """Check each request before it is handled; a response, instead of None, is the answer to it."""
        if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and (
            request.headers.get("Sec-Fetch-Mode") != "navigate" or request.method != "GET"
        ):
            raise Problem(403, "cross_site", "another web site may not use this server")
        if not self.token:
            return self._check_host()
        given = self._given(request)
        matches = self._matches(given)
        if matches and request.path == "/" and "token" in request.args:
            return self._admit()
        if matches or request.endpoint == "sign_in" or self._has_cookie(request):
            return None
        if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", ""):
            return sign_in_page(401)
        raise Problem(
            401,
            "token",
            "the token is missing" if not given else "the token is wrong",
            expected="the header Authorization: Bearer TOKEN, or ?token=TOKEN",
            remedy="the token is the one that `edgedigits serve --token` was started with",
        )

    def knows(self, environ: dict[str, str]) -> bool:
        """Return whether a request may pass by its headers alone, which are named as in WSGI."""
        if not self.token:
            return True
        begun = Request(environ)
        return self._matches(self._given(begun)) or self._has_cookie(begun)

    def sign_in(self) -> Response:
        """Check the token from the sign-in form; answer 303 to the page, or the form again with 401."""
        if not self.token or self._matches(request.form.get("token", "")):
            return self._admit()
        return sign_in_page(401, refused=True)

    def _given(self, asked: Request) -> str:
        scheme, _, value = asked.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return _text(value.strip())
        return str(asked.args.get("token", ""))

    def _matches(self, given: str) -> bool:
        # Digests are compared, because the time that compare_digest takes reveals the lengths of its
        # arguments.
        sides = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (given, self.token))
        return hmac.compare_digest(*sides)

    def _has_cookie(self, asked: Request) -> bool:
        kept = asked.cookies.get(COOKIE, "").encode("utf-8", "replace")
        return hmac.compare_digest(kept, self._pass.encode())

    def _admit(self) -> Response:
        """Send the browser to the page with a cookie, so that the token leaves the address bar."""
        answer = redirect("/", 303)
        if self.token:
            answer.set_cookie(
                COOKIE,
                self._pass,
                max_age=COOKIE_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
        return answer

    def _check_host(self) -> Response | None:
        name = urlsplit(f"//{request.host}").hostname or ""
        if name == "localhost" or _is_loopback_address(name):
            return None
        raise Problem(
            403,
            "host",
            "without a token the server answers only its own computer, addressed as localhost",
            expected="a request to 127.0.0.1 or localhost",
            received=f"Host: {request.host[:100]}",
            remedy="start the server with --token",
        )


def _text(header: str) -> str:
    """Decode the value of a header, which WSGI gives as latin-1 (PEP 3333) but most clients send as UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header  # it was latin-1, as Python's own http.client sends it


def _is_loopback_address(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def sign_in_page(status: int, *, refused: bool = False) -> Response:
    """Return the sign-in page, the one that is shown without a token; it needs no other file."""
    nonce = secrets.token_urlsafe(16)
    html = (files("edgedigits.web") / "static" / "sign-in.html").read_text("utf-8")
    html = html.replace("{nonce}", nonce).replace("{refused}", "" if refused else "hidden")
    answer = make_response(html, status)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    answer.headers["WWW-Authenticate"] = 'Bearer realm="edgedigits"'
    return answer


def install(app: Flask, token: str) -> None:
    """Put the guard before every route and the headers on every answer."""
    guard = app.extensions["edgedigits"] = Guard(token)

    def finish(answer: Any) -> Any:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        # Browsers check the page's files for updates; answers are never stored.
        answer.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
        return answer

    app.before_request(guard.check)
    app.after_request(finish)
    app.add_url_rule("/session", "sign_in", guard.sign_in, methods=["POST"])
