"""Score readings of labelled photographs: `python -m edgedigits_bench.photographs --data FOLDER`.

FOLDER holds pictures and a `labels.json`: a list with `file`, `digits`, `rows`, `boxes` and
`ambiguous_indices` for pages, `label` for pictures of a single digit, neither for pictures in which
nothing is a digit. Nothing here is ever used to choose a model or a constant.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits.errors import DataError
from edgedigits.pictures import read_picture
from edgedigits_bench.scoring import Score, Truth, score


def labels_of(folder: Path) -> list[dict[str, Any]]:
    """Read the entries of a folder's `labels.json`; raises `DataError` if there is none."""
    path = folder / "labels.json"
    try:
        entries = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read", expected="a list of labelled pictures", received=str(error)
        ) from error
    if not isinstance(entries, list):
        raise DataError(f"{path} is not a list of labels", expected="a list", received=type(entries).__name__)
    return entries


def truth_of(entry: dict[str, Any]) -> Truth:
    """Return the truth from the label of one page."""
    boxes = tuple((int(x), int(y), int(w), int(h)) for x, y, w, h in entry.get("boxes", ()))
    return Truth(tuple(entry["rows"]), boxes, frozenset(entry.get("ambiguous_indices", ())))


def score_pages(
    reader: Reader, folder: Path, entries: Sequence[dict[str, Any]], debug: Path | None = None
) -> dict[str, Any]:
    """Read each page; return found, right, extra and text accuracy, per picture and in total."""
    total, rows = Score(), []
    for entry in entries:
        stages = debug / Path(entry["file"]).stem if debug else None
        reading = reader.read(read_picture(folder / entry["file"]), stages)
        truth = truth_of(entry)
        result = score(reading, truth)
        total += result
        rows.append(
            {
                "file": entry["file"],
                "text": reading.text,
                "expected": "\n".join(truth.lines),
                "total_ms": round(reading.timing_ms["total"], 2),
                **result.to_dict(),
            }
        )
    return {"kind": "pages", "pictures": rows, "total": total.to_dict()}


def score_singles(reader: Reader, folder: Path, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Read each picture as a single digit."""
    rows = []
    for entry in entries:
        text = reader.read_single(read_picture(folder / entry["file"])).text
        rows.append({"file": entry["file"], "text": text, "expected": str(entry["label"])})
    right = sum(row["text"] == row["expected"] for row in rows)
    return {"kind": "singles", "pictures": rows, "total": {"digits": len(rows), "right": right}}


def score_negatives(reader: Reader, folder: Path, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Read pictures that show no digit: every picture in which one is reported is a mistake."""
    rows = []
    for entry in entries:
        text = reader.read(read_picture(folder / entry["file"])).text
        rows.append({"file": entry["file"], "text": text, "expected": ""})
    reported = sum(bool(row["text"]) for row in rows)
    return {"kind": "negatives", "pictures": rows, "total": {"pictures": len(rows), "reported": reported}}


def score_folder(reader: Reader, folder: Path, debug: Path | None = None) -> dict[str, Any]:
    """Score a folder by the kind of its labels: pages, singles or negatives."""
    entries = labels_of(folder)
    if entries and "rows" in entries[0]:
        return score_pages(reader, folder, entries, debug)
    if entries and "label" in entries[0]:
        return score_singles(reader, folder, entries)
    return score_negatives(reader, folder, entries)


def table(result: dict[str, Any]) -> str:
    """Format a result as lines of text."""
    lines = []
    for row in result["pictures"]:
        text, expected = (row[name].replace("\n", "/") or "-" for name in ("text", "expected"))
        counts = ""
        if result["kind"] == "pages":
            counts = f"{row['right']:4}/{row['digits']:<4}+{row['extra']:<3} {row['text_accuracy']:7.1%} "
        mark = " " if row.get("perfect", text == expected) else "x"
        lines.append(
            f"{mark} {row['file']:28}{counts} {text}" + ("" if mark == " " else f"  (is {expected})")
        )
    total = result["total"]
    if result["kind"] == "pages":
        lines.append(
            f"found {total['found']}/{total['digits']}, right {total['right_rate']:.1%}, "
            f"extra {total['extra']} ({total['extra_rate']:.1%}), text {total['text_accuracy']:.1%}, "
            f"without mistake {total['perfect']}/{total['pictures']}"
        )
    else:
        lines.append(", ".join(f"{name} {value}" for name, value in total.items()))
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table on stderr and JSON on stdout."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.photographs", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, action="append", help="folder; may be repeated")
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    parser.add_argument("--rotate", default="0", help="as in `predict`")
    parser.add_argument("--debug", type=Path, metavar="DIR", help="write debug pictures of each page to DIR")
    args = parser.parse_args(argv)
    reader = Reader(Classifier.load(args.model), rotate=args.rotate)
    results = {}
    for folder in args.data:
        results[str(folder)] = score_folder(reader, folder, args.debug)
        print(f"{folder}\n{table(results[str(folder)])}", file=sys.stderr)
    print(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
