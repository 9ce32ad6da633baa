"""Our own SHA-256, which needs no OpenSSL, equals hashlib's."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from edgedigits.model.fingerprint import sha256


@pytest.mark.parametrize(
    "data",
    [
        b"",  # nothing at all
        b"edgedigits",
        bytes(range(256)) * 1000,  # many blocks
    ],
)
def test_the_hash_is_that_of_hashlib(data: bytes) -> None:
    assert sha256(data) == hashlib.sha256(data).hexdigest()


def test_loading_and_reading_bring_no_openssl() -> None:
    """OpenSSL would stay in memory, 3.5 MB of it, for a single hash at the start."""
    program = (
        "import sys, cv2, numpy, onnxruntime\n"
        "before = '_hashlib' in sys.modules\n"  # numpy 1 loads it itself
        "from edgedigits import Classifier, Reader\n"
        "Reader(Classifier.load()).read(numpy.full((60, 80), 200, numpy.uint8))\n"
        "sys.exit(('_hashlib' in sys.modules) != before)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
