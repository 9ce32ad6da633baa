"""`edgedigits serve` as a process: what it refuses, reports and serves, and how it ends."""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from edgedigits.commands.serve import add_arguments

from .conftest import Running, encoded, page_with

Start = Callable[..., Running]


def fetch(url: str, data: bytes | None = None, **headers: str) -> dict[str, object]:
    request = urllib.request.Request(url, data, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def test_an_address_that_others_reach_needs_a_token(command: Callable[..., object]) -> None:
    done = command("serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "needs a token" in done.stderr
    assert "--token" in done.stderr


@pytest.mark.parametrize(
    "flags", [("--port", "70000"), ("--port", "http"), ("--viewers", "0"), ("--fps", "0"), ("--fps", "nan")]
)
def test_flags_out_of_range_are_usage_errors(command: Callable[..., object], flags: tuple[str, str]) -> None:
    assert command("serve", *flags).returncode == 2


def test_a_picture_is_no_live_source(command: Callable[..., object], examples: Path) -> None:
    """Regression: it was taken for a video, whose live view ended at once, again and again."""
    # An address that no computer has, so that it ends if it goes on.
    done = command("serve", "--host", "192.0.2.1", "--token", "x" * 16, "--source", examples / "note.jpg")
    assert done.returncode == 2
    assert "note.jpg is a picture\n" in done.stderr
    assert "what to do: edgedigits predict " in done.stderr


@pytest.mark.parametrize(
    "token",
    [
        "secret ",  # `Authorization: Bearer secret ` arrives without the space
        "sec\nret",  # not possible in a header
        "sec\udcffret",  # a byte that is no UTF-8: was a traceback
    ],
)
def test_a_token_that_cannot_be_sent_is_a_usage_error(command: Callable[..., object], token: str) -> None:
    # An address that no computer has, so that it ends if it goes on.
    done = command("serve", "--host", "192.0.2.1", "--token", token)
    assert done.returncode == 2
    assert "expected: printable" in done.stderr
    assert "ret" not in done.stderr.partition("what to do")[0], "the secret is repeated"
    assert "Traceback" not in done.stderr


def test_every_flag_has_its_variable_and_goes_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: EDGEDIGITS_THRESHOLD was ignored, and so were the last two."""
    variables = {
        "host": "::1",
        "port": 7000,
        "token": "from the environment",
        "source": "none",
        "model": "mine.onnx",
        "threshold": 0.9,
        "viewers": 3,
        "fps": 5.0,
    }
    for name, value in variables.items():
        monkeypatch.setenv(f"EDGEDIGITS_{name.upper()}", str(value))
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert vars(parser.parse_args([])) == variables
    flags = {**variables, "threshold": 0.1, "viewers": 4}
    assert vars(parser.parse_args(["--threshold", "0.1", "--viewers", "4"])) == flags
    monkeypatch.setenv("EDGEDIGITS_THRESHOLD", "2")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args([])


def test_a_port_in_use_is_said(command: Callable[..., object], tiny: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = command("serve", "--port", str(taken.getsockname()[1]), "--model", tiny)
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_when_told_also_while_somebody_watches(
    serve: Start, tiny: Path, video: Path, number: int, code: int
) -> None:
    running = serve("--model", tiny, "--source", video)
    assert fetch(running.url + "/api/read", encoded(page_with(2)))["text"] == "00"
    with urllib.request.urlopen(running.url + "/api/stream", timeout=10) as viewer:
        assert viewer.read(25).startswith(b"--edgedigits-frame")
        assert running.end(number) == code


def test_the_token_from_the_environment_guards_it(
    serve: Start, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEDIGITS_TOKEN", "from the environment")
    running = serve("--model", tiny, "--host", "0.0.0.0")
    url = f"http://127.0.0.1:{running.port}/api/health"
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(url)
    assert refused.value.code == 401
    refused.value.close()
    assert fetch(url, Authorization="Bearer from the environment")["status"] == "ok"
    # Behind https the proxy on this computer says so, and the cookie is restricted to https.
    for scheme, secure in (("http", False), ("https", True)):
        connection = http.client.HTTPConnection("127.0.0.1", int(running.port), timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-Proto": scheme}
        connection.request("POST", "/session", "token=from+the+environment", headers)
        answer = connection.getresponse()
        assert answer.status == 303
        assert ("Secure" in str(answer.getheader("Set-Cookie"))) is secure
        connection.close()


def test_a_body_above_the_limit_is_refused_in_json(serve: Start, tiny: Path) -> None:
    running = serve("--model", tiny)
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(running.url + "/api/read", b"\0" * 21_000_000)
    with refused.value as answer:
        assert answer.code == 413
        error = json.load(answer)["error"]
    assert (error["status"], error["expected"]) == (413, "at most 20 MB")
