"""The command line: a table of verbs.

Nothing heavy is imported here: `--help` and `--version` must answer at once, and the verbs that
train and export live in packages whose dependencies a small computer does not have.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, cast

from edgedigits.ending import ended
from edgedigits.environment import ctrl_c_ends_imports
from edgedigits.errors import MissingExtraError, UsageError


class Verb(NamedTuple):
    """Where a verb is implemented, the extra that brings its packages, and its line in `--help`."""

    module: str
    extra: str
    summary: str


class Command(Protocol):
    """What every command module provides."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare flags; must not import anything heavy."""

    def run(self, args: argparse.Namespace) -> int:
        """Do the work and return the exit code."""


VERBS: dict[str, Verb] = {
    "predict": Verb("edgedigits.commands.predict", "", "read the digits in pictures, folders or videos"),
    "webcam": Verb("edgedigits.commands.webcam", "", "read digits live from a camera, video or stream"),
    "serve": Verb(
        "edgedigits.commands.serve", "web", "serve a web page: draw digits, upload pictures, watch a camera"
    ),
    "bench": Verb("edgedigits_bench.command", "bench", "measure latency and memory on this machine"),
    "info": Verb("edgedigits.commands.info", "", "show what a model file contains"),
    "doctor": Verb("edgedigits.commands.doctor", "", "check this machine and say what to fix"),
    "explore": Verb("edgedigits_train.commands.explore", "train", "look at MNIST, clean and with noise"),
    "train": Verb("edgedigits_train.commands.train", "train", "train a network on noisy MNIST"),
    "evaluate": Verb("edgedigits_train.commands.evaluate", "train", "measure a model file, with plots"),
    "export": Verb("edgedigits_export.command", "train", "turn a trained run into an ONNX file"),
}

_LIBRARIES = ("cv2", "onnxruntime", "numpy")


def version() -> str:
    """Return the installed version, from the package's metadata."""
    from importlib.metadata import version as installed

    return installed("edgedigits")


class _Version(argparse.Action):
    """Reads the version only when asked for it: reading the metadata takes longer than everything else."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"edgedigits {version()}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:<{width}}  {verb.summary}" for name, verb in VERBS.items())
    parser = argparse.ArgumentParser(
        prog="edgedigits",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Read handwritten digits from a camera or a picture on a small computer.",
        epilog=f"verbs:\n{verbs}\n\n`edgedigits VERB --help` lists the flags of a verb.",
    )
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    parser.add_argument("verb", metavar="VERB", choices=VERBS, help="what to do, from the list below")
    return parser


def _parsed(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.Namespace:
    """Parse the words after a verb; flags may stand between names, as in `a.jpg --json b.jpg`.

    After `--` they may not: argparse would lose it, and take a name that follows it for a flag.
    """
    return parser.parse_args(words) if "--" in words else parser.parse_intermixed_args(words)


def _run(argv: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    # What follows the verb is for the verb's parser, including `--`, which argparse would take here for the
    # end of the verb and drop.
    after = next((at for at, word in enumerate(words, 1) if not word.startswith("-")), len(words))
    chosen = _parser().parse_args(words[:after])
    verb = VERBS[chosen.verb]
    try:
        command = cast(Command, importlib.import_module(verb.module))
        parser = argparse.ArgumentParser(
            prog=f"edgedigits {chosen.verb}",
            description=verb.summary,
            allow_abbrev=False,  # or a new flag could break scripts that abbreviate an old one
        )
        command.add_arguments(parser)
        return command.run(_parsed(parser, words[after:]))
    except ImportError as error:
        missing = (error.name or "").partition(".")[0]
        if missing.startswith("edgedigits"):
            raise
        if verb.extra and isinstance(error, ModuleNotFoundError):
            raise MissingExtraError(chosen.verb, verb.extra, missing) from error
        library = next((one for one in _LIBRARIES if one in f"{missing} {error}"), None)
        if library is None:
            raise
        from edgedigits.doctor.software import import_fix

        reason = (str(error).strip().splitlines() or ["no message"])[-1]
        raise UsageError(
            f"`edgedigits {chosen.verb}` needs the package `{library}`, which cannot be loaded",
            received=reason,
            remedy=f"{import_fix(library, reason)}; `edgedigits doctor` checks the rest",
        ) from error


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code.

    0 for success, 1 if an input failed, 2 for wrong usage or a missing package, 130 for Ctrl-C.
    """

    def work() -> int:
        with ctrl_c_ends_imports():
            return _run(argv)

    return ended(work, "edgedigits")


def entry() -> None:
    """Run as a process; the script `edgedigits` and `python -m edgedigits` call this.

    Exits without finalizing the interpreter, as mypy does: with numpy, OpenCV and onnxruntime loaded, that
    takes longer than reading a page, and frees nothing that the system would not.
    """
    code = main()
    sys.stderr.flush()
    os._exit(code)
