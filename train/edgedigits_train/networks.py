"""Load TensorFlow without its startup messages, and open Keras files with errors that users can act on."""

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
    """Return the module `keras`, without the messages that TensorFlow writes to stderr while it loads.

    Setting TF_CPP_MIN_LOG_LEVEL to less than 3 shows them. Raises `ModuleNotFoundError` if the extra
    `train` is not installed.
    """
    # TensorFlow obeys this only once it is loaded: it must be set before, and cannot silence the loading.
    os.environ.setdefault(_LEVEL, _ERRORS_NOT_SHOWN)
    if "keras" in sys.modules or os.environ[_LEVEL] != _ERRORS_NOT_SHOWN:
        import keras
    else:
        with _held_back():
            import keras
    return keras


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold back what is written to stderr's file descriptor, and show it only if the block raises.

    TensorFlow's C++ code writes to the descriptor, past `sys.stderr`. If the process dies, the output is
    lost: its Python traceback is still shown, and TF_CPP_MIN_LOG_LEVEL=0 shows the rest.
    """
    try:
        stderr = os.dup(2)
    except OSError:  # stderr was closed by the shell: there is nothing to hold back
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
    """Open the `keras.Model` in a .keras file; if `compiled`, it can be trained further.

    Raises `ModelError` if the file is missing, damaged, or written by another program.
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
            expected="a complete .keras file, as `edgedigits train` writes it",
            received=f"{path.stat().st_size} bytes; {_first_line(error)}",
            remedy="restore it from a copy, or train again",
        ) from error


def require_digits(network: Any, path: Path) -> None:
    """Raise `ModelError` unless `network`, from `path`, takes digit frames and has 10 or 11 classes."""
    shapes = tuple(network.input_shape), tuple(network.output_shape)
    if shapes not in (((None, 28, 28, 1), (None, 10)), ((None, 28, 28, 1), (None, 11))):
        raise ModelError(
            f"{path} is not a digit network",
            expected="(None, 28, 28, 1) -> (None, 11), the last class meaning not a digit, or (None, 10)",
            received=f"{shapes[0]} -> {shapes[1]}",
        )


def _first_line(error: Exception) -> str:
    if "File not found" in str(error):  # what Keras says about a file that exists but is no zip archive
        return "not a complete zip archive"
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
