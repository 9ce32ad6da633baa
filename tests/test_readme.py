"""The README stays true: its outputs are real, its commands parse, its links lead somewhere."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from edgedigits.cli import VERBS
from edgedigits_bench.figures import renewed

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8")
CARD = ROOT / "runtime" / "edgedigits" / "assets" / "MODEL_CARD.md"
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.md")]
)


def shell_lines() -> list[str]:
    """Return each `edgedigits ...` of a shell block, without redirections and the like."""
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    found = []
    for line in "\n".join(blocks).splitlines():
        for part in line.partition(" #")[0].split("|"):
            words = re.sub(r">.*", "", part).strip().removeprefix("~/edgedigits-env/bin/")
            if words.startswith("edgedigits "):
                found.append(words)
    return found


@pytest.mark.parametrize("line", shell_lines())
def test_commands_parse(line: str) -> None:
    _, verb, *arguments = shlex.split(line)
    try:
        module = importlib.import_module(VERBS[verb].module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("edgedigits"):
            raise
        pytest.skip(f"{error.name} is not installed")
    parser = argparse.ArgumentParser(exit_on_error=False)
    module.add_arguments(parser)
    _, unknown = parser.parse_known_args(arguments)
    assert not unknown


def test_the_readme_has_commands() -> None:
    assert len(shell_lines()) > 15
    assert {line.split()[1] for line in shell_lines()} == set(VERBS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_modules_that_documents_name_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    names = re.findall(r"(?:`|-m )(edgedigits(?:_\w+)?(?:\.[a-z]\w*)+)[` ]", text)
    names += [f"edgedigits.{name}" for name in re.findall(r"`((?:ink|pieces|signs|model)\.\w+)`", text)]
    modules = [name for name in names if not name.endswith((".onnx", ".service"))]  # names of files
    assert not [name for name in modules if importlib.util.find_spec(name) is None]


def test_outputs_are_what_comes_out() -> None:
    """Fix it with `make figures`."""
    spec = importlib.util.spec_from_file_location("readme", ROOT / "tests" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    readme = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(readme)
    assert len(readme.BLOCK.findall(TEXT)) >= 3
    assert readme.renewed(TEXT) == TEXT


QUOTING = [path for path in [*DOCUMENTS, CARD] if "<!-- figures:" in path.read_text("utf-8")]


@pytest.mark.parametrize("document", QUOTING, ids=lambda path: path.name)
def test_figures_are_those_of_the_committed_files(document: Path) -> None:
    """Fix it with `make figures`."""
    text, missing = document.read_text("utf-8"), list[str]()
    assert renewed(text, ROOT, missing) == text
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    for link, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", document.read_text("utf-8")):
        if link.startswith("http"):
            continue
        target = document.parent / link if link else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), f"{link}#{anchor}"


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.*)", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
