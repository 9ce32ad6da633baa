"""The wheel, installed alone in an empty environment outside the checkout, reads the example pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command without this environment's variables, which could lead back into the checkout."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "EDGEDIGITS_"))
    }
    result = subprocess.run(
        list(map(str, arguments)), cwd=cwd, env=kept, capture_output=True, text=True, timeout=600, check=False
    )
    assert result.returncode == 0, result.stderr
    return result


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, *PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with only the wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, *PIP, "install", wheel, cwd=folder)
    return python


def test_wheel_holds_the_rooms_the_model_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    info = next(top for top in tops if top.endswith(".dist-info"))
    assert tops == {"edgedigits", "edgedigits_train", "edgedigits_export", "edgedigits_bench", info}
    assert {"edgedigits/assets/edgedigits.onnx", "edgedigits/assets/manifest.json"} <= set(names)
    assert f"{info}/licenses/LICENSE" in names
    for package in ("edgedigits", "edgedigits_train", "edgedigits_export", "edgedigits_bench"):
        assert f"{package}/py.typed" in names
    assert not [name for name in names if name.endswith((".pyc", ".npz"))]
    # The one network that `train --start packaged` starts from, and no private run.
    networks = [name for name in names if name.endswith(".keras")]
    assert networks == ["edgedigits_train/assets/edgedigits.keras"]


def test_wheel_is_small(wheel: Path) -> None:
    assert sum(item.file_size for item in zipfile.ZipFile(wheel).infolist()) < 2_000_000


def test_three_dependencies_and_what_they_bring(bare: Path) -> None:
    listed = json.loads(run(bare, "-m", "pip", "list", "--format", "json", cwd=bare.parent).stdout)
    names = {item["name"].lower() for item in listed}
    assert {"edgedigits", "numpy", "opencv-python", "onnxruntime"} <= names
    assert not names & {"tensorflow", "keras", "onnx", "tf2onnx", "matplotlib", "flask", "scipy", "pillow"}
    # onnxruntime brings flatbuffers, packaging, protobuf and, in older versions, sympy and others.
    assert len(names - {"pip", "setuptools", "wheel"}) <= 10


def test_it_reads_the_examples_from_outside_the_checkout(bare: Path, examples: Path, tmp_path: Path) -> None:
    script = bare.with_name("edgedigits")
    result = run(script, "predict", examples, "--json", "--save", tmp_path / "drawn", cwd=tmp_path)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    pictures = sorted(path.name for path in examples.glob("*.jpg"))
    assert [Path(answer["source"]).name for answer in answers] == pictures
    assert sum(bool(answer["text"]) for answer in answers) >= len(pictures) // 2
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == pictures


LOADED = """
import sys
from edgedigits.cli import main
code = main(["predict", sys.argv[1]])
import edgedigits
print(edgedigits.__file__, file=sys.stderr)
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


def test_reading_loads_no_training_package(bare: Path, examples: Path, tmp_path: Path) -> None:
    result = run(bare, "-c", LOADED, examples / "slate.jpg", cwd=tmp_path)
    place, loaded = result.stderr.strip().splitlines()[-2:]
    assert not Path(place).is_relative_to(ROOT)
    assert not set(loaded.split()) & {"tensorflow", "keras", "onnx", "matplotlib", "edgedigits_train"}


def test_a_verb_of_another_extra_says_what_to_install(bare: Path, tmp_path: Path) -> None:
    script = bare.with_name("edgedigits")
    result = subprocess.run(
        [script, "serve"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 2
    assert result.stdout == ""
    # It names the wheel that was installed, and the pip of this environment.
    assert f'{bare} -m pip install "edgedigits[web] @ file:///' in result.stderr


def test_installed_size_is_that_of_the_three_dependencies(bare: Path) -> None:
    """Only what we add to numpy, OpenCV and onnxruntime, whose size we cannot decide."""
    (site,) = (bare.parents[1]).rglob("site-packages")
    sizes: dict[str, int] = {}
    for path in site.rglob("*"):
        if path.is_file():
            top = path.relative_to(site).parts[0].partition("-")[0].partition(".")[0]
            sizes[top] = sizes.get(top, 0) + path.stat().st_size
    ours = sum(size for name, size in sizes.items() if name.startswith("edgedigits"))
    assert ours < 4_500_000  # more than half of it is compiled bytecode
    assert sum(sizes.values()) < 450_000_000
