"""How well pages are read: photographs, drawn pages with a line per difficulty, and drawn scenery.

    python -m edgedigits_bench.reading FILE.json --run --data mnist.npz --photos DIR
    python -m edgedigits_bench.reading FILE.json [--brief]         (print the tables, as Markdown)

The first form reads, with the packaged model: DIR/photos, unchanged and changed by
`edgedigits_bench.perturbed`; DIR/singles and DIR/negatives; pages drawn from MNIST's test digits; and scenery
(`edgedigits_bench.drawn`). It writes only counts, no pictures and no file names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits_bench.drawn.difficulties import DIFFICULTIES
from edgedigits_bench.drawn.scenery import score_scenery
from edgedigits_bench.perturbed import CHANGES, score_perturbed
from edgedigits_bench.photographs import score_folder
from edgedigits_bench.scenes_command import score_difficulties
from edgedigits_train.reports.records import read_record, write_record

FOLDERS: Final = ("photos", "singles", "negatives")
PAGES: Final = 20
"""Number of drawn pages of each difficulty."""
DRAWS: Final = 20
"""How often each photograph of a page is changed."""
VIEWS: Final = 60
"""Number of drawn pictures of scenery."""
ALL: Final = "all"
"""Name of the record's row that sums up the others."""
HARDEST: Final = 5
"""Number of difficulties that a brief report names."""


def measure(model: Path | None, data: Path, photos: Path, seed: int) -> dict[str, Any]:
    """Return counts for each folder of photographs, each difficulty of drawn pages, and scenery."""
    from edgedigits_train.data import load

    classifier = Classifier.load(model)
    reader = Reader(classifier)
    images, labels = load(data).part("test")
    return {
        "sha256": classifier.sha256,
        "seed": seed,
        "photographs": {name: score_folder(reader, photos / name)["total"] for name in FOLDERS},
        "perturbed": score_perturbed(reader, photos / FOLDERS[0], DRAWS, seed),
        "scenes": score_difficulties(reader, images, labels, DIFFICULTIES, PAGES, seed),
        "scenery": score_scenery(reader, VIEWS, seed),
    }


def markdown(record: Mapping[str, Any], *, brief: bool = False) -> str:
    """Return two tables, photographs against their targets and drawn pages by difficulty, and sentences.

    With `brief`, a sentence replaces the second table.
    """
    pages, singles, negatives = (record["photographs"][name] for name in FOLDERS)
    reported = negatives["reported"] / negatives["pictures"]
    rows = [
        (
            "digits found and named rightly",
            f"{pages['right']} of {pages['digits']}",
            "≥ 99 %",
            pages["right_rate"] >= 0.99,
        ),
        ("text accuracy", _percent(pages["text_accuracy"]), "≥ 98.5 %", pages["text_accuracy"] >= 0.985),
        ("boxes on no digit", f"{pages['extra']}", "≤ 0.8 %", pages["extra_rate"] <= 0.008),
        (
            "pictures without any mistake",
            f"{pages['perfect']} of {pages['pictures']}",
            "≥ 13",
            pages["perfect"] >= 13,
        ),
        (
            "pictures of one digit, with `--single`",
            f"{singles['right']} of {singles['digits']}",
            "≥ 16",
            singles["right"] >= 16,
        ),
        (
            "letters reported as digits",
            f"{negatives['reported']} of {negatives['pictures']}",
            "≤ 15 %",
            reported <= 0.15,
        ),
    ]
    lines = ["| photographs | measured | target | |", "|---|---:|---:|---|"]
    lines += [f"| {what} | {got} | {goal} | {'met' if met else 'missed'} |" for what, got, goal, met in rows]
    lines += ["", _perturbed(record["perturbed"])]
    lines += ["", *([_hardest(record["scenes"])] if brief else _by_difficulty(record["scenes"]))]
    views = record["scenery"]
    lines += [
        "",
        f"{views['pictures']} drawn pictures of things without any writing: {views['reported']} boxes on no "
        f"digit, in {views['with_any']} of them.",
        "",
        f"The packaged model, sha256 `{record['sha256'][:16]}…`; {PAGES} pages of each difficulty, "
        f"of MNIST's test digits, seed {record['seed']}.",
    ]
    return "\n".join(lines)


def _by_difficulty(scenes: Mapping[str, Any]) -> list[str]:
    """Return a table of the drawn pages."""
    lines = ["| drawn pages | digits | right | extra | text | without mistake |", "|---|" + "---:|" * 5]
    for name, row in scenes.items():
        lines.append(
            f"| {name} | {row['digits']:,} | {_percent(row['right_rate'])} | {_percent(row['extra_rate'])} "
            f"| {_percent(row['text_accuracy'])} | {row['perfect']} of {row['pictures']} |"
        )
    return lines


def _hardest(scenes: Mapping[str, Any]) -> str:
    """Return a sentence on all drawn pages and on the difficulties that are read worst."""
    every = scenes[ALL]
    worst = sorted(set(scenes) - {ALL}, key=lambda name: (scenes[name]["right_rate"], name))[:HARDEST]
    named = ", ".join(f"{name} ({_percent(scenes[name]['right_rate'])})" for name in worst)
    return (
        f"{every['pictures']:,} drawn pages of {len(scenes) - 1} difficulties with {every['digits']:,} "
        f"digits: {_percent(every['right_rate'])} right, {_percent(every['extra_rate'])} extra, text "
        f"{_percent(every['text_accuracy'])}, {every['perfect']} pages without mistake. The hardest are "
        f"{named}."
    )


def _perturbed(totals: Mapping[str, Any]) -> str:
    """Return a sentence on the changed photographs."""
    every = totals[ALL]
    worst = min(CHANGES, key=lambda name: totals[name]["right_rate"])
    return (
        f"Each photograph of a page, changed {DRAWS} times by one to three of {len(CHANGES)} random changes "
        f"({', '.join(CHANGES)}), makes {every['pictures']} pictures with {every['digits']:,} digits: "
        f"{_percent(every['right_rate'])} right, {_percent(every['extra_rate'])} extra, text "
        f"{_percent(every['text_accuracy'])}, {every['perfect']} pictures without mistake. The worst change "
        f"is {worst}, with {_percent(totals[worst]['right_rate'])} right."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.reading")
    parser.add_argument("file", type=Path, metavar="FILE.json")
    parser.add_argument("--run", action="store_true", help="measure everything, write FILE.json, then print")
    parser.add_argument("--data", type=Path, help="mnist.npz, with --run")
    folders = ", ".join(f"{name}/" for name in FOLDERS)
    photos = f"folder that holds the labelled photographs in {folders}"
    parser.add_argument("--photos", type=Path, metavar="DIR", help=photos)
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the drawn pages (default: 0)")
    parser.add_argument("--brief", action="store_true", help="sum up the drawn pages in one sentence")
    args = parser.parse_args(argv)
    if args.run:
        if args.data is None or args.photos is None:
            parser.error("--run needs --data and --photos")
        write_record(args.file, measure(args.model, args.data, args.photos, args.seed), indent=1)
    record = read_record(args.file, "photographs", "scenes", "scenery", "perturbed")
    print(markdown(record, brief=args.brief))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
