"""A command whose libraries do not load names them and what to install."""

from __future__ import annotations

import pytest

from edgedigits import cli


@pytest.mark.parametrize(
    ("error", "fix", "why"),
    [
        (
            ImportError("libGL.so.1: cannot open shared object file: No such file or directory", name="cv2"),
            "sudo apt install libgl1 libglib2.0-0",
            "a server or container without a desktop",
        ),
        (ImportError("libgthread-2.0.so.0: cannot open", name="cv2"), "libglib2.0-0", "its other one"),
        (ImportError("numpy.core.multiarray failed to import"), '"numpy<2"', "OpenCV of another numpy"),
        (
            ImportError("bad.so: file too short", name="onnxruntime.capi.onnxruntime_pybind11_state"),
            "pip install --force-reinstall onnxruntime",
            "a disk that was full when it was installed",
        ),
        (ModuleNotFoundError("No module named 'cv2'", name="cv2"), "pip install opencv-python", "removed"),
    ],
)
def test_a_library_that_does_not_load_is_told_with_its_fix(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: ImportError,
    fix: str,
    why: str,
) -> None:
    """Regression: there was a traceback, which did not name the package to install."""

    def broken(name: str) -> object:
        raise error

    monkeypatch.setattr(cli.importlib, "import_module", broken)
    assert cli.main(["predict", "page.png"]) == 2, why
    told = capsys.readouterr().err
    assert str(error) in told
    assert fix in told, why
