"""Renew the tables of a document from the committed figures, so that it quotes nothing else.

    python -m edgedigits_bench.figures [--check] [README.md ...]      (in the folder of the checkout)

A document marks a table with the command that prints it as Markdown:

    <!-- figures: edgedigits_bench.speed.report benchmarks/results/MACHINE.json -->
    (the table)
    <!-- /figures -->

The first word is one of our modules, run as `python -m`. A section whose file is missing is reported and left
unchanged. With `--check` nothing is written, and an outdated table makes it exit with 1.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

from edgedigits.ending import ended
from edgedigits.errors import EdgeDigitsError

SECTION: Final = re.compile(
    r"(?P<open><!-- figures: (?P<command>[^\n]*?) -->\n)(?P<body>.*?)(?P<close><!-- /figures -->)", re.DOTALL
)
_MODULE: Final = re.compile(r"edgedigits(_bench|_train|_export)?\.[a-z_.]+")


def renewed(text: str, folder: Path, missing: list[str]) -> str:
    """Return the document with each section as its command prints it now, run in `folder`.

    Missing files of commands are appended to `missing`. Raises `EdgeDigitsError` for a command that is not
    one of our modules, or that fails.
    """

    def section(match: re.Match[str]) -> str:
        words = shlex.split(match["command"])
        if not words or not _MODULE.fullmatch(words[0]):
            raise EdgeDigitsError(
                f"`{match['command']}` is not a command that makes figures",
                expected="a module of edgedigits and its arguments",
            )
        if any("/" in word and not (folder / word).exists() for word in words[1:]):
            missing.append(match["command"])
            return match[0]
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise EdgeDigitsError(f"`{match['command']}` failed", received=done.stderr.strip()[-300:])
        return f"{match['open']}{done.stdout.strip()}\n{match['close']}"

    return SECTION.sub(section, text)


def main() -> int:
    """Renew or check the documents; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m edgedigits_bench.figures", description="renew the tables of a document"
    )
    parser.add_argument("documents", nargs="*", type=Path, default=[Path("README.md")])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a table is out of date"
    )
    args = parser.parse_args()
    stale = 0
    for document in args.documents:
        missing: list[str] = []
        before = document.read_text("utf-8")
        after = renewed(before, Path.cwd(), missing)
        for command in missing:
            print(f"{document}: not there yet: {command}", file=sys.stderr)
        if after == before:
            continue
        stale += 1
        if not args.check:
            document.write_text(after, "utf-8")
        print(f"{document}: {'out of date' if args.check else 'written'}", file=sys.stderr)
    return 1 if args.check and stale else 0


if __name__ == "__main__":
    sys.exit(ended(main))
