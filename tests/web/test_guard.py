"""Access: every route needs the token, without one only this computer is served, and headers are strict."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from edgedigits.web.guard import COOKIE, is_loopback

from .conftest import Site

Make = Callable[..., Site]
TOKEN = "a token with Ünïcode and = signs"
ASCII = "correct-horse-battery"


def routes(made: Site) -> list[tuple[str, str]]:
    found = []
    for rule in made.app.url_map.iter_rules():
        path = rule.rule.replace("<path:filename>", "main.js")
        found += [(method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def test_every_route_refuses_without_the_token_the_stream_included(site: Make) -> None:
    made = site(token=ASCII)
    tried = routes(made)
    assert {"/api/stream", "/api/readings", "/", "/static/main.js", "/api/openapi.json"} <= {
        path for _, path in tried
    }
    for method, path in [*tried, ("HEAD", "/api/stream"), ("OPTIONS", "/api/read"), ("GET", "/nowhere")]:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": f"{COOKIE}={ASCII}"}):
            answer = made.client.open(path, method=method, headers=headers)
            assert answer.status_code == 401, (method, path, headers)
            assert "WWW-Authenticate" in answer.headers
    assert made.opened == [], "the camera was turned on for a stranger"


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"Authorization": f"Bearer {ASCII}"}, "", 200),
        ({"Authorization": f"bearer  {ASCII}"}, "", 200),  # the scheme is case-insensitive (RFC 9110)
        ({}, f"?token={ASCII}", 200),  # for programs that accept only an address
        ({"Authorization": f"Basic {ASCII}"}, "", 401),
        ({"Authorization": f"Bearer {ASCII}x"}, "", 401),
        ({"Authorization": f"Bearer {ASCII[:-1]}"}, "", 401),
        ({"Authorization": "Bearer"}, "", 401),
        ({}, "?token=", 401),
        ({}, "?token=%ff%fe", 401),  # no UTF-8
    ],
)
def test_ways_to_show_the_token(site: Make, headers: dict[str, str], query: str, status: int) -> None:
    assert site(token=ASCII).client.get(f"/api/health{query}", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("headers", "told"),
    [({}, "the token is missing"), ({"Authorization": "Bearer wrong"}, "the token is wrong")],
)
def test_a_wrong_token_is_told_from_none(site: Make, headers: dict[str, str], told: str) -> None:
    answer = site(token=ASCII).client.get("/api/health", headers=headers)
    assert answer.json["error"]["what"] == told


@pytest.mark.parametrize(
    ("encoding", "sender"),
    [("utf-8", "curl"), ("latin-1", "Python's http.client")],
)
def test_a_token_beyond_ascii_comes_through_a_header(site: Make, encoding: str, sender: str) -> None:
    """Regression: WSGI passes headers as latin-1, so "geheimß" sent as UTF-8 never matched the token."""
    for token, status in ((TOKEN, 200), (TOKEN.replace("Ü", "ü"), 401)):
        as_wsgi_gives_it = f"Bearer {token}".encode(encoding).decode("latin-1")
        client = site(token=TOKEN).client
        answer = client.get("/api/health", headers={"Authorization": as_wsgi_gives_it})
        assert answer.status_code == status, sender


def test_the_page_takes_the_token_once_and_hides_it(site: Make) -> None:
    client = site(token=TOKEN).client
    shut = client.get("/", headers={"Accept": "text/html"})
    assert shut.status_code == 401
    assert 'action="/session"' in shut.text
    assert 'role="alert" hidden' in shut.text
    wrong = client.post("/session", data={"token": "wrong"})
    assert wrong.status_code == 401
    assert 'role="alert" >' in wrong.text
    right = client.post("/session", data={"token": TOKEN})
    assert (right.status_code, right.headers["Location"]) == (303, "/")
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert TOKEN not in cookie
    assert client.get("/", buffered=True).status_code == 200
    assert client.get("/api/health").status_code == 200


def test_a_link_with_the_token_becomes_a_cookie(site: Make) -> None:
    client = site(token=ASCII).client
    answer = client.get(f"/?token={ASCII}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/", buffered=True).status_code == 200
    again = client.get(f"/?token={ASCII}", buffered=True)
    assert again.status_code == 303, "with a cookie there already, the token stayed in the address bar"


def test_the_cookie_of_another_token_is_worth_nothing(site: Make) -> None:
    old, new = site(token="the old one").client, site(token="the new one").client
    cookie = old.post("/session", data={"token": "the old one"}).headers["Set-Cookie"].partition(";")[0]
    assert old.get("/api/health", headers={"Cookie": cookie}).status_code == 200
    assert new.get("/api/health", headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 403),  # DNS rebinding: an attacker's name that points to this computer
        ("localhost.evil.example", 403),
        ("192.168.0.7:8000", 403),
    ],
)
def test_without_a_token_only_our_own_names_are_answered(site: Make, host: str, status: int) -> None:
    assert site().client.get("/api/health", headers={"Host": host}).status_code == status


def test_with_a_token_any_name_is_answered(site: Make) -> None:
    headers = {"Host": "digits.example", "Authorization": f"Bearer {ASCII}"}
    assert site(token=ASCII).client.get("/api/health", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),  # a link to the page
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),  # <img> on another web site
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),  # another server on localhost
    ],
)
def test_other_web_sites_may_not_use_it(site: Make, headers: dict[str, str], status: int) -> None:
    assert site().client.get("/api/health", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/", "/api/health", "/static/main.js", "/nowhere", "/api/read"])
def test_every_answer_has_the_strict_headers(site: Make, path: str) -> None:
    headers = site().client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_the_sign_in_page_allows_its_own_style_alone(site: Make) -> None:
    answer = site(token=ASCII).client.get("/", headers={"Accept": "text/html"})
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}">' in answer.text


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("", False),  # all addresses, for many servers
        ("*", False),
        ("no such name.invalid", False),
    ],
)
def test_what_counts_as_this_computer(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
