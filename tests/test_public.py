"""The public names, used as in other people's code."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

import edgedigits

NAMES = ["Classifier", "Digit", "EdgeDigitsError", "Predictions", "Reader", "Reading", "frames"]


def test_the_public_names_are_these_seven() -> None:
    assert edgedigits.__all__ == NAMES
    assert dir(edgedigits) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_name_resolves_and_is_documented(name: str) -> None:
    value = getattr(edgedigits, name)
    assert inspect.getdoc(value)
    assert value.__module__.startswith("edgedigits.")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Classifer"):
        edgedigits.Classifer  # noqa: B018
    assert not hasattr(edgedigits, "__wrapped__")


def test_star_import_gives_the_names() -> None:
    space: dict[str, object] = {}
    exec("from edgedigits import *", space)
    assert set(NAMES) <= set(space)


def test_importing_the_package_costs_nothing() -> None:
    code = "import sys, edgedigits; print({'numpy', 'cv2', 'onnxruntime'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout == "set()\n"


PARAMETERS = {
    "Classifier.load": ["path", "threads", "threshold"],
    "Classifier.predict": ["self", "images"],
    "Reader.__init__": ["self", "classifier", "rotate"],
    "Reader.read": ["self", "picture", "debug"],
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_signatures_that_outside_code_relies_on(name: str) -> None:
    owner, method = name.split(".")
    function = getattr(getattr(edgedigits, owner), method)
    assert list(inspect.signature(function).parameters)[: len(PARAMETERS[name])] == PARAMETERS[name]


@pytest.mark.parametrize(
    "package", ["edgedigits", "edgedigits_train", "edgedigits_export", "edgedigits_bench"]
)
def test_each_package_says_that_it_is_typed(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    from pathlib import Path

    assert Path(spec.origin).with_name("py.typed").exists()
