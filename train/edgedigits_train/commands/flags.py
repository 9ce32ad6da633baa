"""Flags that several subcommands share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_data(parser: argparse.ArgumentParser) -> None:
    """Declare `--data`, for `edgedigits_train.data.load`."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="MNIST: an .npz or a folder of the four IDX files (default: EDGEDIGITS_DATA, else Keras's "
        "cache or download)",
    )
