"""How the process of a command ends: always with an exit code, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from edgedigits.ending import ended
from edgedigits.errors import DataError, UsageError


@pytest.mark.parametrize(
    ("does", "code", "why"),
    [
        ("print('x' * 1_000_000)", 0, "`| head` takes what it wants: there was a traceback"),
        ("exec('raise KeyboardInterrupt')", 130, "Ctrl-C, as of any command"),
        ("3", 3, "what it returns"),
    ],
)
def test_without_a_word(does: str, code: int, why: str) -> None:
    program = f"import sys; from edgedigits.ending import ended; sys.exit(ended(lambda: {does}))"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
        assert process.wait(60) == code, why
    assert complaints == b"", why


@pytest.mark.parametrize(
    ("text", "shown", "why"),
    [
        ("±", rb"\xb1", "an encoding without it, as that of a pipe on Windows may be"),
        ("\udcff", rb"\udcff", "a byte of a file name, which no encoding has"),
    ],
)
def test_what_cannot_be_encoded_is_escaped(text: str, shown: bytes, why: str) -> None:
    """Regression: `info`, `explore` and `webcam` ended with a traceback, as `predict` did not."""
    program = f"import sys; from edgedigits.ending import ended; sys.exit(ended(lambda: print({text!a})))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, shown, b""), why


@pytest.mark.parametrize(
    ("error", "name", "code", "said"),
    [
        (DataError("no digits", expected="some"), "", 1, "no digits\n  expected: some\n"),
        (UsageError("both flags"), "edgedigits", 2, "edgedigits: both flags\n"),  # the error's own exit code
    ],
)
def test_in_words(
    error: Exception, name: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    assert ended(fail, name) == code
    assert capsys.readouterr().err == said


def test_a_full_disk_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    program = (
        "import sys; from edgedigits.ending import ended; sys.exit(ended(lambda: print('x' * 1_000_000)))"
    )
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode() == "[Errno 28] No space left on device\n"
