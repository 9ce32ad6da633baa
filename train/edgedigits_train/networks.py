"""TensorFlow loaded without its chatter, and Keras files opened with errors that a user can act on."""

from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from edgedigits.errors import ModelError

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_ERRORS_NOT_SHOWN = "3"


def load_keras() -> Any:
    """The module `keras`, without the lines about itself that TensorFlow writes to stderr while it loads.

    A user who sets TF_CPP_MIN_LOG_LEVEL to less than 3 gets them. Raises `ModuleNotFoundError` where
    the extra `train` is not installed.
    """
    # Obeyed once TensorFlow is loaded, so it must be set before, and does not suffice for the loading.
    os.environ.setdefault(_LEVEL, _ERRORS_NOT_SHOWN)
    if "keras" in sys.modules or os.environ[_LEVEL] != _ERRORS_NOT_SHOWN:
        import keras
    else:
        with _held_back():
            import keras
    return keras


@contextmanager
def _held_back() -> Iterator[None]:
    """What is written to the file descriptor of stderr is shown only if the block fails.

    TensorFlow's C++ side writes to the descriptor, past `sys.stderr`. What was written before the process
    died is lost: its Python traceback is shown then, and TF_CPP_MIN_LOG_LEVEL=0 shows the rest.
    """
    try:
        stderr = os.dup(2)
    except OSError:  # closed by the shell: there is nothing to hold back
        yield
        return
    enabled = faulthandler.is_enabled()
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        if not enabled:
            faulthandler.enable(stderr)
        try:
            yield
        except Exception:
            file.seek(0)
            os.write(stderr, file.read())
            raise
        finally:
            if not enabled:
                faulthandler.disable()
            os.dup2(stderr, 2)
            os.close(stderr)


def open_network(path: Path, *, compiled: bool = True) -> Any:
    """The `keras.Model` of a .keras file, ready to train on if `compiled`.

    Raises `ModelError` for one that is missing, damaged, or written by something else.
    """
    if not path.is_file():
        raise ModelError(
            f"there is no trained network at {path}",
            expected="a file that `edgedigits train` wrote",
            remedy="finish the run with `edgedigits train --resume`, or train again",
        )
    keras = load_keras()
    try:
        return keras.saving.load_model(path, compile=compiled)
    except Exception as error:  # ValueError ("File not found" for half a file), KeyError, BadZipFile, ...
        raise ModelError(
            f"{path} is damaged, or is not a network that Keras {keras.__version__} can read",
            expected="a whole .keras file, as `edgedigits train` writes it",
            received=f"{path.stat().st_size} bytes; {_first_line(error)}",
            remedy="restore it from a copy, or train again",
        ) from error


def require_digits(network: Any, path: Path) -> None:
    """Raise `ModelError` unless a network, from `path`, takes frames of digits and has 10 or 11 answers."""
    shapes = tuple(network.input_shape), tuple(network.output_shape)
    if shapes not in (((None, 28, 28, 1), (None, 10)), ((None, 28, 28, 1), (None, 11))):
        raise ModelError(
            f"{path} is not a digit network",
            expected="(None, 28, 28, 1) -> (None, 11), the last class being no digit, or (None, 10)",
            received=f"{shapes[0]} -> {shapes[1]}",
        )


def _first_line(error: Exception) -> str:
    if "File not found" in str(error):  # what Keras says of a file that is there and no zip archive
        return "not a complete zip archive"
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
