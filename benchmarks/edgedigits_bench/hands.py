"""Accuracy on other hands: digits of handwriting fonts, in forms that MNIST's writers did not learn.

    python -m edgedigits_bench.hands FILE.json --run --fonts DIR [--data mnist.npz] [--model MODEL.onnx]
    python -m edgedigits_bench.hands FILE.json                     (print the table, as Markdown)

DIR holds .ttf, .otf or .woff files, at any depth; one face of each family is used. A family stands for a
hand, a style of handwriting. No font comes with the repository: `docs/training.md` names those of the
committed figures and their source. Each digit is classified as the font has it, and `MOVED` times warped like
training digits. With `--data`, pages are drawn in each hand, with the labels of MNIST's test set. Needs the
extras `bench` and `train`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.canonical import canonical
from edgedigits.ending import ended
from edgedigits.errors import DataError
from edgedigits_bench.drawn.scenes import scenes_of
from edgedigits_bench.scoring import Score, score
from edgedigits_train.reports.records import read_record, write_record

Images = npt.NDArray[np.uint8]

MOVED: Final = 20
DIFFICULTY: Final = "mixed"
PAGES: Final = 3
"""Number of drawn pages in each hand."""
_SIZE: Final = 160
"""Em size in pixels: a digit has about a hundred, so that no detail is lost before it is framed."""
_DIGITS: Final = "0123456789"
_WEIGHTS: Final = ("Thin", "ExtraLight", "Light", "Medium", "SemiBold", "Bold", "ExtraBold", "Black")
"""Weights at the end of a family's name: the same hand with another pen."""
_PLAIN: Final = ("Regular", "Book", "Roman")


def frames_of_font(path: Path) -> tuple[str, str, Images] | None:
    """Return family, style, and the ten digits framed like MNIST, uint8 [10, 28, 28], bright on black.

    Returns None if the file lacks a digit, or is no font.
    """
    from PIL import Image, ImageDraw, ImageFont

    try:
        font = ImageFont.truetype(str(path), _SIZE)
    except OSError:
        return None

    def drawn(sign: str) -> Images:
        sheet = Image.new("L", (3 * _SIZE, 3 * _SIZE))
        ImageDraw.Draw(sheet).text((_SIZE, _SIZE), sign, fill=255, font=font)
        return np.asarray(sheet, np.uint8)

    digits = [drawn(digit) for digit in _DIGITS]
    # For missing glyphs a font draws nothing, or the same box each time.
    if not all(digit.any() for digit in digits) or len({digit.tobytes() for digit in digits}) < 10:
        return None
    family, style = font.getname()
    words = (family or path.stem).split()
    while len(words) > 1 and words[-1] in _WEIGHTS:
        style = words.pop()
    return " ".join(words), style or "", np.stack([canonical(digit) for digit in digits])


def hands_in(folder: Path) -> dict[str, Images]:
    """Return the digits of one face of each family in a folder, [10, 28, 28], by family name.

    Regular faces are preferred. Raises `DataError` if no font with digits is found.
    """
    found: dict[str, tuple[str, Images]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".ttf", ".otf", ".woff") and (face := frames_of_font(path)):
            family, style, frames = face
            if family not in found or (style in _PLAIN and found[family][0] not in _PLAIN):
                found[family] = style, frames
    if not found:
        raise DataError(
            f"{folder} contains no font with digits", expected=".ttf, .otf or .woff files, at any depth"
        )
    return {family: frames for family, (_, frames) in sorted(found.items())}


def moved(frames: Images, seed: int) -> tuple[Images, npt.NDArray[np.int64]]:
    """Warp each digit of [N, 28, 28] `MOVED` times and frame it again; also return the index of each."""
    from edgedigits_train.mix.geometry import Warp, warp

    rng = np.random.default_rng(seed)
    which = np.repeat(np.arange(len(frames)), MOVED)
    bent = warp(frames[which], Warp(shift=0), rng.random(len(which)), rng)
    return np.stack([canonical(frame) for frame in bent]), which


def pages_in(hands: Mapping[str, Images], labels: npt.NDArray[Any], seed: int) -> Iterator[tuple[str, Any]]:
    """Yield drawn pages, each in one hand, with the name of the hand."""
    for number, (name, frames) in enumerate(hands.items()):
        for scene in scenes_of(frames[labels], labels, DIFFICULTY, PAGES, seed + number):
            yield name, scene


def measure(classifier: Classifier, hands: Mapping[str, Images], seed: int) -> dict[str, Any]:
    """Count right answers and confusions by digit, as the fonts have it and warped."""
    frames = np.concatenate(list(hands.values()))
    truth = np.tile(np.arange(10), len(hands))
    bent, which = moved(frames, seed)
    counts: dict[str, Any] = {}
    for kind, images, labels in (("written", frames, truth), ("moved", bent, truth[which])):
        said = classifier.predict(images).labels
        counts[kind] = [np.bincount(said[labels == digit] + 1, minlength=11).tolist() for digit in range(10)]
    return counts


def run(path: Path, fonts: Path, data: Path | None, model: Path | None, seed: int) -> None:
    """Measure and write `path`, replacing it."""
    hands = hands_in(fonts)
    classifier = Classifier.load(model)
    record: dict[str, Any] = {"seed": seed, "sha256": classifier.sha256, "families": list(hands)}
    record |= measure(classifier, hands, seed)
    if data is not None:
        from edgedigits_train.data import load

        _, labels = load(data).part("test")
        reader, total, lost = Reader(classifier), Score(), dict.fromkeys(hands, 0)
        for name, scene in pages_in(hands, labels, seed):
            result = score(reader.read(scene.picture), scene.truth)
            lost[name] += result.digits - result.right
            total += result
        record["pages"] = total.to_dict()
        worst = sorted(lost, key=lost.__getitem__, reverse=True)[:5]
        print("most digits lost:", ", ".join(f"{name} {lost[name]}" for name in worst), file=sys.stderr)
    write_record(path, record)


def markdown(record: Mapping[str, Any]) -> str:
    """Return a line per digit, one for all, and a sentence on pages."""
    lines = [
        "| digit | as the fonts have it | turned and bent | most often taken for |",
        "|---|---:|---:|---|",
    ]
    written, bent = np.array(record["written"]), np.array(record["moved"])
    for digit in range(10):
        others = bent[digit].copy()
        others[digit + 1] = 0
        most = int(others.argmax())
        taken = "" if not others[most] else ("none" if most == 0 else str(most - 1))
        lines.append(
            f"| {digit} | {_share(written[digit, digit + 1], written[digit].sum())} "
            f"| {_share(bent[digit, digit + 1], bent[digit].sum())} | {taken} |"
        )
    right = [np.trace(table[:, 1:]) for table in (written, bent)]
    totals = [_share(count, table.sum()) for count, table in zip(right, (written, bent), strict=True)]
    lines.append(f"| all | {totals[0]} | {totals[1]} | |")
    told = f"{len(record['families'])} families; seed {record['seed']}; sha256 `{record['sha256'][:16]}…`."
    if pages := record.get("pages"):
        told = (
            f"On {pages['pictures']} drawn pages in these hands {pages['right']:,} of {pages['digits']:,} "
            f"digits are right, with {pages['extra']} boxes on no digit. {told}"
        )
    return "\n".join([*lines, "", told])


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.hands")
    parser.add_argument("file", type=Path, metavar="FILE.json")
    parser.add_argument("--run", action="store_true", help="measure and write FILE.json, then print")
    parser.add_argument("--fonts", type=Path, metavar="DIR", help="a folder of fonts, with --run")
    parser.add_argument("--data", type=Path, help="mnist.npz, to draw pages as well")
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    if args.run:
        if args.fonts is None:
            parser.error("--run needs --fonts")
        run(args.file, args.fonts, args.data, args.model, args.seed)
    print(markdown(read_record(args.file, "written", "moved")))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
