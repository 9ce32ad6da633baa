"""Reading order: which boxes stand on one written line, and the lines from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence

from edgedigits.results import Box


def lines_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Group boxes into lines: indices, left to right within a line, lines from the top."""
    order = sorted(range(len(boxes)), key=lambda index: boxes[index][0])
    lines: list[list[int]] = []
    for index in order:
        _, y, _, height = boxes[index]
        best, overlap_best = None, 0.3
        for line in lines:
            _, last_y, _, last_height = boxes[line[-1]]
            shared = min(y + height, last_y + last_height) - max(y, last_y)
            overlap = shared / min(height, last_height)
            if overlap > overlap_best:
                best, overlap_best = line, overlap
        if best is None:
            lines.append([index])
        else:
            best.append(index)
    lines.sort(key=lambda line: sum(boxes[i][1] + boxes[i][3] / 2 for i in line) / len(line))
    return lines
