"""Run the README's snippets and compare their output with what it shows, or renew it.

    python tests/readme.py [--check]

A block after `<!-- output -->` is output: a console block is that of the command on its first line (`make
demo` stands for what it runs), a text block that of the Python block before it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(
    r"(?P<python>```python\n(?P<code>.*?)```\n\n)?"
    r"<!-- output -->\n```(?P<kind>console|text)\n(?P<body>.*?)```\n",
    re.DOTALL,
)


def renewed(text: str) -> str:
    """Return the README with each output as it is now."""

    def block(match: re.Match[str]) -> str:
        if match["kind"] == "text":
            shown = run([sys.executable, "-c", match["code"]])
        else:
            line = match["body"].splitlines()[0]
            shown = f"{line}\n{command(line.removeprefix('$ '))}"
        return f"{match['python'] or ''}<!-- output -->\n```{match['kind']}\n{shown}```\n"

    return BLOCK.sub(block, text)


def command(line: str) -> str:
    """Run a console line; a temporary folder replaces the one that `make demo` names."""
    if line != "make demo":
        return run([sys.executable, "-m", *line.split()])
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "edgedigits", "predict", "examples", "--save", folder]
        return run(words, errors=True).replace(folder, "out/demo")


def run(words: list[str], *, errors: bool = False) -> str:
    """Return what a command prints when run from the top of the checkout; stderr follows stdout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EDGEDIGITS_")}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return (done.stdout + (done.stderr if errors else "")).replace(f"{ROOT}{os.sep}", "")


if __name__ == "__main__":
    before = README.read_text("utf-8")
    after = renewed(before)
    if after != before and "--check" not in sys.argv:
        README.write_text(after, "utf-8")
    sys.exit(after != before and "--check" in sys.argv)
