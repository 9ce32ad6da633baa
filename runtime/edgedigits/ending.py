"""How a command ends: with an exit code and, if something is wrong, a message instead of a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from edgedigits.errors import EdgeDigitsError


def ended(work: Callable[[], int | None], name: str = "") -> int:
    """Run `work` and return the exit code of the process.

    That is what `work` returns, with None for 0; the error's own code for an `EdgeDigitsError`; 1 for an
    `OSError`; and 130 for Ctrl-C. The message of an error goes to stderr, after the `name` of the command. A
    consumer that stops reading the output, as `| head` does, is not an error.
    """
    said_by = f"{name}: " if name else ""
    # Python sets a stream that the shell closed to None, which fails when it is used; and print takes None,
    # for stderr, as stdout.
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:
            setattr(sys, stream, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - while the process lives
    # A name may hold what stdout's encoding lacks, as a pipe's may on Windows; that is no reason to stop.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
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
        # Most likely a full disk; commands report errors of the files that they open themselves in their own
        # words.
        print(f"{said_by}{error}", file=sys.stderr)
        _abandon_stdout()
        return 1


def _abandon_stdout() -> None:
    """Discard what is still buffered; otherwise the interpreter would complain when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
