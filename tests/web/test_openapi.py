"""The API's description, compared with the running server and with the page's own files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from .conftest import Running, Site, served

WEB = Path(str(files("edgedigits"))) / "web"
STATIC = WEB / "static"
SETTINGS = """
[checks]
# What a picture is cannot be said in a schema, so bytes that keep to it are refused, and rightly.
positive_data_acceptance.enabled = false
# Without a token the server asks for none, which this check takes for a hole.
ignored_auth.enabled = false
[checks.negative_data_rejection]
expected-statuses = ["400", "404", "405", "413", "415", "422"]
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    tiny = Path(__file__).parents[1] / "assets" / "tiny.onnx"
    with served("--model", tiny, "--source", "none") as server:
        yield server


def test_every_route_of_the_api_is_described_and_no_other(site: Callable[..., Site]) -> None:
    described = json.loads((WEB / "openapi.json").read_text("utf-8"))
    told = {(path, method.upper()) for path, item in described["paths"].items() for method in item}
    there = {
        (rule.rule, method)
        for rule in site().app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule != "/api/openapi.json"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert told == there


@pytest.mark.skipif(find_spec("schemathesis") is None, reason="the package schemathesis is not installed")
def test_the_running_server_keeps_to_its_description(running: Running, tmp_path: Path) -> None:
    """Generated requests, valid and invalid. The endless routes answer 404, because there is no camera."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS, "utf-8")
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        f"--config-file={settings}",
        "run",
        f"{running.url}/api/openapi.json",
        f"--url={running.url}",
        "--max-examples=5",
        "--seed=7",
        "--generation-database=none",
        "--no-color",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_page_asks_for_its_own_files_and_all_are_there() -> None:
    asked = set()
    for file in STATIC.iterdir():
        text = file.read_text("utf-8")
        asked |= set(re.findall(r'(?:src|href)="/static/([^"]+)"', text))
        asked |= set(re.findall(r'from "\./([^"]+)"', text))
        addresses = list(re.findall(r"https?://[^\s\"'<)]+", text))
        assert addresses in ([], ["http://www.w3.org/2000/svg"]), f"{file.name} names another server"
        assert "innerHTML" not in text
    assert asked <= {file.name for file in STATIC.iterdir()}
    unused = {file.name for file in STATIC.iterdir()} - asked - {"index.html", "sign-in.html"}
    assert not unused
