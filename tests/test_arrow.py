"""Imports go in one direction: train, export and benchmarks import the runtime, never the reverse."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RUNTIME = ROOT / "runtime" / "edgedigits"
MODULES = sorted(RUNTIME.rglob("*.py"))
FORBIDDEN = (
    "edgedigits_train", "edgedigits_export", "edgedigits_bench",
    "tensorflow", "keras", "onnx", "tf2onnx", "matplotlib", "ai_edge_litert", "scipy", "PIL",
)  # fmt: skip
ALLOWED = {"numpy", "cv2", "onnxruntime", "edgedigits"}
"""The wheel's own dependencies."""
LATE = {"flask", "waitress", "werkzeug", "picamera2", "libcamera"}
"""Packages from an extra or the system: only the part that needs one may import it, and only when needed."""


def modules_named(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level packages that a module imports, at any depth of its code."""
    yield from (name.partition(".")[0] for name in modules_named(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(RUNTIME).as_posix())
def test_the_runtime_names_no_other_package(path: Path) -> None:
    names = set(imported(path))
    strangers = names - ALLOWED - LATE - set(sys.stdlib_module_names)
    assert not strangers
    assert not names & set(FORBIDDEN)


EVERYTHING = """
import importlib, json, sys
failed = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        failed[name] = error.name
print(json.dumps([failed, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def test_the_whole_runtime_loads_without_the_training_packages() -> None:
    names = [
        ".".join(path.relative_to(ROOT / "runtime").with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
        if path.name != "__main__.py"  # runs the command line
    ]
    result = subprocess.run(
        [sys.executable, "-c", EVERYTHING, *names], capture_output=True, text=True, timeout=120, check=True
    )
    failed, loaded = json.loads(result.stdout)
    assert {"numpy", "cv2", "onnxruntime"} <= set(loaded)
    assert not set(loaded) & set(FORBIDDEN)
    # In an environment without extras only the web page is missing its packages.
    assert set(failed.values()) <= LATE, failed


SIDES = {
    "train/edgedigits_train": {"edgedigits_export", "edgedigits_bench"},
    "export/edgedigits_export": {"edgedigits_bench"},
}
"""What a package may not import besides: benchmarks measure everything, so nothing imports benchmarks."""


@pytest.mark.parametrize("room", SIDES)
def test_no_room_names_one_that_builds_on_it(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        assert not set(imported(path)) & SIDES[room], path


FOLDERS: dict[str, set[str]] = {
    "runtime/edgedigits/ink": set(),  # only pictures: nothing about digits
    "runtime/edgedigits/pieces": {"ink"},
    "runtime/edgedigits/signs": {"ink", "pieces"},  # they judge what was found, and find nothing
    "runtime/edgedigits/model": set(),  # only 28x28 frames, no pages
    "runtime/edgedigits/camera": set(),  # frames of any picture: no model, no page
    "train/edgedigits_train/mix": set(),  # what is done to a digit, whatever it is for
    "train/edgedigits_train/outliers": {"mix"},
    "train/edgedigits_train/measures": set(),  # never what a network was trained with
    "train/edgedigits_train/reports": {"measures", "mix", "outliers"},
    "benchmarks/edgedigits_bench/drawn": set(),  # what is measured on must not depend on what is measured
    "benchmarks/edgedigits_bench/live": {"drawn"},
    "benchmarks/edgedigits_bench/speed": {"drawn", "live"},
    "benchmarks/edgedigits_bench/trials": {"drawn", "speed"},
}
"""The other folders of its package that a folder may import."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_names_only_those_below_it(folder: str) -> None:
    package = (ROOT / folder).parent
    folders = {path.name for path in package.iterdir() if path.is_dir()}
    paths = list((ROOT / folder).glob("*.py"))
    assert paths
    for path in paths:
        parts = [name.split(".") for name in modules_named(path)]
        named = {part[1] for part in parts if part[0] == package.name and part[1] in folders}
        assert named <= FOLDERS[folder] | {path.parent.name}, path
