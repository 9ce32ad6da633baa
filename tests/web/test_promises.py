"""The table of limits in docs/web.md has the values that apply."""

from __future__ import annotations

from pathlib import Path

import pytest
from waitress.adjustments import Adjustments

from edgedigits.web.channel import QUEUED, SLOWEST, UNFINISHED_S
from edgedigits.web.limits import MEGA, Limits

LIMITS = Limits()
DOCUMENT = (Path(__file__).parents[2] / "docs" / "web.md").read_text("utf-8")
TABLE = DOCUMENT.partition("| limit |")[2].partition("\n\n")[0]
ROWS = {row.split(" | ")[0].lstrip("| "): row.split(" | ")[1] for row in TABLE.splitlines()[2:]}


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("body", f"{LIMITS.body_bytes // MEGA} MB"),
        ("decoded picture", f"{LIMITS.pixels // MEGA} megapixels"),
        ("frames in a call", f"{LIMITS.frames}"),
        ("pictures read at once / in flight", f"{LIMITS.reads_at_once} / {LIMITS.reads_in_flight}"),
        ("viewers of each stream", f"{LIMITS.viewers} (`--viewers`)"),
        ("frames read a second", f"{LIMITS.fps:g} (`--fps`)"),
        # Waitress keeps this much in memory; the rest would go to a file, which such a request does not get.
        ("body of a request without the token", f"{Adjustments.inbuf_overflow // 1024} KB kept"),
        ("requests ahead of their answers", f"{QUEUED} on a connection"),
        ("time for a request to arrive", f"{UNFINISHED_S} s, and one more for each {SLOWEST} bytes"),
        ("open connections", f"{4 * LIMITS.threads}"),
    ],
)
def test_the_table_of_limits_tells_what_is_in_force(limit: str, told: str) -> None:
    assert ROWS[limit].startswith(told)
