"""`edgedigits export RUN --out FILE`: turn a training run into one verified ONNX file."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from edgedigits.errors import MissingExtraError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `edgedigits export`."""
    parser.add_argument("run", metavar="RUN", type=Path, help="folder that `edgedigits train` wrote")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="the .onnx file to write")
    parser.add_argument(
        "--precision",
        choices=("int8", "fp32"),
        default="int8",
        help="int8 (default): a quarter of the size; fp32: may be faster where the processor has no "
        "int8 dot products",
    )
    parser.add_argument(
        "--data",
        metavar="PATH",
        type=Path,
        help="the MNIST that the run was trained on: an .npz or a folder of IDX files "
        "(default: EDGEDIGITS_DATA, else Keras's cache or download)",
    )
    parser.add_argument(
        "--allow-drop", action="store_true", help="write the file even if int8 costs more than 0.1 points"
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")


def run(args: argparse.Namespace) -> int:
    """Export, verify, write, and report what was written."""
    for module in ("onnx", "tensorflow", "tf2onnx"):
        if find_spec(module) is None:  # each is only imported when needed, which may be minutes from now
            raise MissingExtraError("export", "train", module)
    # TensorFlow's C++ code reports its build options on stderr unless told not to before it is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from edgedigits_export.export import export
    from edgedigits_export.report import summary

    exported = export(
        args.run,
        args.out,
        precision=args.precision,
        data=args.data,
        allow_drop=args.allow_drop,
        force=args.force,
        progress=lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(summary(exported))
    return 0
