"""How a command ends: a code and, where something is wrong, words for it; never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from edgedigits.errors import EdgeDigitsError


def ended(work: Callable[[], int | None], name: str = "") -> int:
    """Do the work of a process and return its exit code.

    That is what `work` returns, None being 0; an `EdgeDigitsError`'s own code, its words going to stderr
    behind the `name` of the command; 1 for an `OSError`, and 130 for Ctrl-C. A reader that has enough of the
    output, as `| head` has, is no error.
    """
    said_by = f"{name}: " if name else ""
    # Of what the shell closed Python makes None, which fails where it is used; print takes a missing stderr
    # for stdout.
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:
            setattr(sys, stream, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - while the process lives
    try:
        code = work()
        sys.stdout.flush()
        return code or 0
    except EdgeDigitsError as error:
        print(f"{said_by}{error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _abandon_stdout()
        return 0
    except OSError as error:
        # A full disk, most likely; what commands open themselves they report in their own words.
        print(f"{said_by}{error}", file=sys.stderr)
        _abandon_stdout()
        return 1


def _abandon_stdout() -> None:
    """Send what is still buffered to nowhere, or the interpreter would complain when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
