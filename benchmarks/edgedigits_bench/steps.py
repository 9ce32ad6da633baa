"""Ablation of the reader: the same drawn pages, read with one step left out at a time.

    python -m edgedigits_bench.steps FILE.json --run --data mnist.npz
    python -m edgedigits_bench.steps FILE.json                         (print the table, as Markdown)

The pages are of training digits, so that the table may decide which steps there are, and of a seed with which
no step was developed. FILE.json is written difficulty by difficulty, and resumed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits.errors import DataError
from edgedigits.ink.blob import parted
from edgedigits.ink.cut import uncut
from edgedigits_bench.drawn.difficulties import DIFFICULTIES
from edgedigits_bench.drawn.scenery import views
from edgedigits_bench.drawn.scenes import Scene, scenes_of
from edgedigits_bench.scoring import Score, score
from edgedigits_train.reports.records import read_record, write_record

PAGES: Final = 12
VIEWS: Final = 20
"""Number of drawn pages of each difficulty, and of drawn pictures of scenery."""
COUNTED: Final = ("right", "extra", "perfect")
"""Digits found and classified correctly, false positives, and pages without any mistake."""
THINGS: Final = "things"
WHOLE: Final = "all steps"


def _nothing(*_: object) -> None:
    return None


def _no(*_: object) -> bool:
    return False


def _none_of(*_: object) -> set[int]:
    return set()


def _empty(*_: object) -> list[Any]:
    return []


def _first(first: Any, *_: object) -> Any:
    return first


def _second(_: object, second: Any, *__: object, **___: object) -> Any:
    return second


STEPS: Final[Mapping[str, Mapping[str, Callable[..., Any]]]] = {
    "`bars`: even bars around a picture": {"bars._picture_in": _nothing, "bars._band_of": _nothing},
    "`ink.exposure`: dark pictures": {"reader.gain_of": lambda _: 1.0},
    "`ink.filters`: colours": {"ink.filters.clearest": _nothing, "ink.filters.beside_grey": _nothing},
    "`ink.cut`: the sheet alone": {"reader.cut_out": uncut},
    "`ink.slips`: small sheets": {"ink.sheet.slip_of": _nothing},
    "`ink.slips`: sheets grown to their edges": {"ink.sheet.grown": _second},
    "`ink.shaded`: lit and shaded parts of a sheet": {"ink.shaded._is_other_part": _no},
    "`ink.halos`: bright rims": {"ink.page.without_rims": _nothing},
    "`ink.page`: grain smoothed": {"ink.page._is_hidden": _no},
    "`ink.page`: shade is no ink": {"ink.page._shade_on": lambda *_: (0, 0.0)},
    "`ink.page`: shade as dark as the pen": {"ink.page._hides": _no},
    "`ink.rules`: rules": {"pieces.connected.without_rules": _nothing},
    "`ink.arcs`: rings are no rules": {"ink.rules.arcs_of": _none_of},
    "`ink.crossings`: a pen paler than rules": {"ink.rules.crossings": lambda pale, *_: pale & 0},
    "`ink.crossings`: gaps in strokes along rules": {"ink.rules.narrow_gaps": lambda _, kept, *__: kept & 0},
    "`pieces.connected`: rules across a corner": {"pieces.connected._is_cut_off": _no},
    "`ink.darker`: a pen darker than rules": {"ink.rules.by_darkness": _second},
    "`ink.pattern`: pale patterns": {"pieces.connected.without_pattern": _nothing},
    "`pieces.connected`: firm ink of large pieces": {
        "pieces.connected._firm": lambda _, __, blob, *___: [blob]
    },
    "`ink.rings`: rings that digits hang on, or that are open": {
        "ink.blob.held_by": lambda *_: {},
        "ink.blob.unlike_others": lambda *_: {},
    },
    "`pieces.borders`: boxes within a border": {
        "pieces.connected.within_borders": lambda binary, *_: parted(binary)
    },
    "`pieces.open_frames`: open boxes": {"pieces.connected.without_open_frames": _first},
    "`pieces.bindings`: a notebook's binding": {"segment.without_bindings": _first},
    "`pieces.blanks`: a blank below each digit": {"segment.without_blanks": _first},
    "`pieces.percents`: percent signs": {"segment.without_percents": _first},
    "`pieces.sizes`: two sizes of writing": {
        "segment.small_writing": _empty,
        "pieces.choose.small_writing": _empty,
    },
    "`pieces.joins`: pieces joined": {"pieces.joins.groups_of": _empty},
    "`pieces.choose`: two clear digits stay two": {"pieces.choose._holds_digits": _no},
    "`pieces.touching`: pieces cut": {"pieces.choose.split": _second},
    "`pieces.foot_lines`: blanks that digits touch": {"pieces.blanks.above_line": lambda *_: []},
    "`pieces.underlined`: a line below a number": {"pieces.choose.without_lines": _second},
    "`pieces.choose`: named in company": {"reader.in_company": _first},
    "`pieces.fainter`: fainter strokes": {"reader.with_fainter": lambda *given: given[3]},
    "`pieces.layers`: two layers of ink": {"reader.upper_layer": lambda *_: 0},
    "`pieces.tight`: boxes without shade": {"reader.tightened": _second},
    "`looks`: a second look": {"looks.Looks.again": lambda _, candidates: list(candidates)},
    "`signs.punctuation`": {"stages.signs_of": _none_of},
    "`signs.around`": {"stages.around_digits": _none_of},
    "`signs.scales`": {"stages.marks_of_scales": _none_of},
    "`signs.broken_lines`": {"stages.broken_lines_of": _none_of},
    "`signs.brackets`": {"stages.brackets_of": _none_of},
    "`signs.points`": {"stages.marks_of": _none_of},
    "`signs.check_marks`": {"stages.check_marks_of": _none_of},
    "`signs.ticks`": {"stages.ticks_of": _none_of},
    "`signs.labels`": {"stages.labels_of": _none_of},
    "`signs.sides`": {"stages.sides_of": _none_of},
    "`signs.spirals`": {"stages.spirals_of": _none_of},
    "`signs.slashes`": {"stages.slashes_of": _none_of},
    "`signs.slivers`": {"stages.slivers_of": _none_of},
    "`signs.strays`": {"stages.strays_of": _none_of},
    "`signs.writing`": {"stages.unwritten": _none_of},
    "`reader`: without what is drawn": {"reader.drawings_of": _empty},
    "`reader`: what may be a shadow": {"reader.holds_more": _no, "reader.has_far_more": _no},
    "`reader`: darker ink, patches, bright ink": {"reader.is_cluttered": _no},
    "`small_print`: without print": {"reader.print_of": _empty},
    "`gaps`: strokes full of gaps": {"gaps.closed": _nothing},
    "`cropped`: paper around digits at the rim": {"reader.with_margin": _empty},
    "`close_ups`: digits that fill the picture": {"reader.other_pages": _empty},
}
"""Name of each step, and what replaces the functions of `edgedigits` that perform it."""


def without(step: str) -> ExitStack:
    """Return a context in which pages are read without a step; `WHOLE` leaves none out."""
    stack = ExitStack()
    for name, instead in STEPS.get(step, {}).items():
        stack.enter_context(patch(f"edgedigits.{name}", instead))
    return stack


def _scores(reader: Reader, scenes: Sequence[Scene]) -> dict[str, Any]:
    """Return the number of digits and pages and, for each step, the counts without it: see `COUNTED`."""
    found = {}
    for step in (WHOLE, *STEPS):
        with without(step):
            totals = sum([score(reader.read(scene.picture), scene.truth) for scene in scenes], Score())
        found[step] = [getattr(totals, key) for key in COUNTED]
    return {"digits": sum(len(scene.truth.digits) for scene in scenes), "pages": len(scenes), "steps": found}


def run(path: Path, data: Path, seed: int) -> None:
    """Read the pages that `path` does not hold yet, and rewrite it after each difficulty."""
    from edgedigits_train.data import load

    classifier = Classifier.load()
    reader = Reader(classifier)
    record: dict[str, Any] = {"seed": seed, "sha256": classifier.sha256, "scores": {}, THINGS: {}}
    if path.exists():
        begun = read_record(path, *record)
        for key in ("seed", "sha256"):
            if begun[key] != record[key]:
                raise DataError(
                    f"{path} has another {key}", expected=str(record[key]), received=str(begun[key])
                )
        record = begun
    images, labels = load(data).part("train")
    for name in DIFFICULTIES:
        if name in record["scores"]:
            continue
        print(name, file=sys.stderr)
        scenes = scenes_of(images, labels, name, PAGES, seed)
        record["scores"][name] = _scores(reader, list(scenes))
        write_record(path, record)
    if not record[THINGS]:
        pictures = list(views(VIEWS, seed))
        for step in (WHOLE, *STEPS):
            with without(step):
                record[THINGS][step] = sum(len(reader.read(picture).digits) for picture in pictures)
        write_record(path, record)


def markdown(record: Mapping[str, Any]) -> str:
    """Return the table: all steps in the first line, then the change without each of them."""
    scores, told = record["scores"], record[THINGS]

    def totals(step: str) -> list[int]:
        return [sum(counts) for counts in zip(*[one["steps"][step] for one in scores.values()], strict=True)]

    digits, pages = (sum(one[key] for one in scores.values()) for key in ("digits", "pages"))
    right, extra, perfect = base = totals(WHOLE)
    lines = ["| pages read | right | extra | without mistake | most of it on | in scenery |"]
    lines += ["|---|---:|---:|---:|---|---:|"]
    lines.append(
        f"| with {WHOLE} | {right:,} of {digits:,} | {extra} | {perfect} of {pages} | | {told[WHOLE]} |"
    )
    for step in STEPS:
        change = [after - before for after, before in zip(totals(step), base, strict=True)]
        lost = {name: one["steps"][WHOLE][-1] - one["steps"][step][-1] for name, one in scores.items()}
        most = sorted([name for name in lost if lost[name] > 0], key=lost.__getitem__, reverse=True)
        where = ", ".join([f"{name} -{lost[name]}" for name in most[:3]])
        cells = " | ".join([_signed(value) for value in change])
        lines.append(f"| without {step} | {cells} | {where} | {_signed(told[step] - told[WHOLE])} |")
    lines += [
        "",
        f"{PAGES} pages of each difficulty, of MNIST's training digits, and {VIEWS} pictures of scenery; "
        f"seed {record['seed']}; the packaged model, sha256 `{record['sha256'][:16]}…`.",
    ]
    return "\n".join(lines)


def _signed(value: int) -> str:
    return f"{value:+d}" if value else "0"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.steps")
    parser.add_argument("file", type=Path, metavar="FILE.json")
    parser.add_argument(
        "--run", action="store_true", help="measure the steps that the file lacks, then print"
    )
    parser.add_argument("--data", type=Path, help="mnist.npz, with --run")
    parser.add_argument("--seed", type=int, default=5000, help="seed of the drawn pages (default: 5000)")
    args = parser.parse_args(argv)
    if args.run:
        if args.data is None:
            parser.error("--run needs --data")
        run(args.file, args.data, args.seed)
    print(markdown(read_record(args.file, "scores")))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
