"""Compare our file with its peers: the same pictures, in turns, in one process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgedigits_bench.speed.latency import Call, Clock, interleaved
from edgedigits_bench.speed.peers import Images, Peer, Run
from edgedigits_bench.speed.record import Record, Series

BATCHES = (1, 10)


def time_in_turns(
    peers: dict[str, Peer | str], pictures: Images, rounds: int, block: int, clock: Clock, into: Record
) -> None:
    """Fill the record's `peers` and their series; `pictures` is [20 or more, 28, 28]."""
    for name, peer in peers.items():
        if isinstance(peer, str):
            into.peers[name] = {"what": "", "unavailable": peer}
        else:
            into.peers[name] = {"what": peer.what, "bytes": peer.bytes, "no_accuracy": peer.no_accuracy}
    ready = {name: peer for name, peer in peers.items() if isinstance(peer, Peer)}
    for batch in BATCHES:
        calls = {
            name: _call(peer.run, pictures, batch) for name, peer in ready.items() if batch in peer.batches
        }
        for call in calls.values():
            for index in range(50):
                call(index)
        for name, groups in interleaved(calls, rounds, block, clock).items():
            words = "1 digit" if batch == 1 else f"batch of {batch}"
            into.series[f"peer {name} {batch}"] = Series.of(f"{name}, {words}", batch, groups)


def measure_accuracy(
    peers: dict[str, Peer | str], images: Images, labels: npt.NDArray[np.integer], into: Record
) -> None:
    """Record the accuracy of each peer in percent, among the ten digits and without rejection."""
    for name, peer in peers.items():
        if isinstance(peer, Peer) and not peer.no_accuracy:
            into.peers[name]["accuracy"] = round(100 * accuracy(peer.run, images, labels), 3)


def accuracy(run: Run, images: Images, labels: npt.NDArray[np.integer]) -> float:
    """Return the accuracy, 0..1, measured in batches of ten, which all peers take: use a multiple of ten."""
    right = 0
    for at in range(0, len(images), 10):
        right += int((run(images[at : at + 10])[:, :10].argmax(1) == labels[at : at + 10]).sum())
    return right / len(images)


def mnist_test(path: Path) -> tuple[Images, npt.NDArray[np.integer]]:
    """Return test pictures and labels of an .npz file or folder, with the same checks as in training."""
    from edgedigits_train.data import load

    mnist = load(path)
    return mnist.x_test, mnist.y_test


def _call(run: Run, pictures: Images, batch: int) -> Call:
    batches = [pictures[at : at + batch] for at in range(len(pictures) - batch + 1)]
    return lambda index: run(batches[index % len(batches)])
