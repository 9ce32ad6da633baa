"""Plot the distribution of a run's samples; needs matplotlib (extra `bench`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgedigits_bench.speed.record import Record
from edgedigits_bench.speed.stats import percentile

_PANELS = ("infer 1", "classify 1", "classify 10", "page")


def draw(record: Record, path: Path) -> None:
    """Plot one panel per kind of call, with logarithmic axes, so that no outlier is cut off."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    panels = [(s.what + ", back to back", s.microseconds) for n in _PANELS if (s := record.series.get(n))]
    for run in record.paced.values():
        title = f"{run.what}, {run.rate:g} Hz, from due time"
        panels.append((title, [tick / 10 for tick in run.latency]))
    figure = Figure(figsize=(12, 3.2 * -(-len(panels) // 2)), layout="constrained")
    FigureCanvasAgg(figure)
    for place, (title, samples) in enumerate(panels):
        axes = figure.add_subplot(-(-len(panels) // 2), 2, place + 1)
        low, high = min(samples), max(samples)
        edges = np.geomspace(low * 0.99, high * 1.01, 80)
        axes.hist(samples, bins=edges.tolist(), color="#4477aa")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.xaxis.set_minor_locator(LogLocator(subs=(2, 5)))
        # Beyond two decades, labels at the decades are enough.
        named = high / low < 100
        axes.xaxis.set_minor_formatter(StrMethodFormatter("{x:,.0f}") if named else NullFormatter())
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        for share, style in ((0.5, "-"), (0.9, "--"), (0.99, ":")):
            value = percentile(samples, share)
            axes.axvline(value, color="#aa3344", linestyle=style, label=f"p{100 * share:.0f} {value:,.1f} µs")
        axes.set_title(f"{title} (n = {len(samples):,}, max {high:,.1f} µs)", fontsize=9)
        axes.set_xlabel("µs")
        axes.set_ylabel("calls")
        axes.legend(fontsize=8)
    name = f"{record.model['file']} {record.model['precision']}, sha256 {record.model['sha256'][:12]}"
    quick = " - quick run" if record.quick else ""
    figure.suptitle(f"{name} on {record.machine['name']}, {record.started}{quick}", fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
