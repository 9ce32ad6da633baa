"""MNIST through Keras: downloaded if its cache has no whole copy, with a message if that fails."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from edgedigits.errors import DataError
from edgedigits_train import data, networks


@pytest.mark.parametrize(
    ("cached", "online", "why"),
    [
        (None, True, "nothing there: downloaded"),
        (b"half a file", True, "damaged: downloaded again"),
        (b"half a file", False, "Keras raises a bare `Exception` without a network"),
    ],
)
def test_keras_downloads_what_its_cache_lacks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cached: bytes | None,
    online: bool,
    why: str,
) -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, 8:20, 8:20] = 255
    labels = (np.arange(20) % 10).astype(np.uint8)
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:10], "y_test": labels[:10]}

    def download(name: str) -> None:
        print("Downloading data")
        if not online:
            raise Exception("URL fetch failure")
        np.savez(folder / name, **arrays)

    keras = SimpleNamespace(datasets=SimpleNamespace(mnist=SimpleNamespace(load_data=download)))
    monkeypatch.setattr(networks, "load_keras", lambda: keras)
    monkeypatch.delenv(data.VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    folder = tmp_path / "datasets"
    folder.mkdir()
    if cached is not None:
        (folder / "mnist.npz").write_bytes(cached)
    if online:
        assert len(data.load().x_test) == 10, why
    else:
        with pytest.raises(DataError, match="could not be downloaded") as caught:
            data.load()
        assert "URL fetch failure" in str(caught.value), why
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "Downloading data\n"), "results alone go to stdout"
