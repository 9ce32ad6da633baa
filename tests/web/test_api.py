"""What each route takes, answers and refuses, over the tiny model, whose answers are known."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import onnxruntime
import pytest

from edgedigits.web.limits import Gate, Limits
from edgedigits.web.problems import Problem

from .conftest import Site, encoded, page_with

Make = Callable[..., Site]


def frame_that_says(label: int) -> np.ndarray:
    """Return a frame that the tiny model reads as `label`: see tests/assets/make_tiny.py."""
    frame = np.zeros((28, 28), np.uint8)
    frame[0, label] = 255
    return frame


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG whose header claims a size that its few bytes do not hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_a_picture_is_read_with_the_frames_that_the_model_saw(site: Make) -> None:
    answer = site().client.post("/api/read", data=encoded(page_with(3)), content_type="image/png").json
    # An empty first row makes all eleven classes equal: label 0 with a probability of 0.1, digit score 10/11.
    assert answer["text"] == "000"
    assert [digit["box"][0] for digit in answer["digits"]] == sorted(
        digit["box"][0] for digit in answer["digits"]
    )
    assert answer["size"] == [240, 120]
    assert {"decode", "segment", "classify", "total"} <= set(answer["timing_ms"])
    for digit in answer["digits"]:
        assert digit["probabilities"] == [0.1] * 10
        assert digit["digit_score"] == pytest.approx(10 / 11, abs=1e-3)
        frame = np.frombuffer(base64.b64decode(digit["frame"]), np.uint8).reshape(28, 28)
        assert frame.max() > 128
        assert frame[:, :8].max() == 0, "an upright stroke stands in the middle of its frame"


def test_a_form_and_a_bare_body_answer_alike(site: Make) -> None:
    client, data = site().client, encoded(page_with(2), ".jpg")
    form = client.post("/api/read", data={"anything": (io.BytesIO(data), "Ünï.jpg")})
    bare = client.post("/api/read", data=data, content_type="application/x-www-form-urlencoded")  # curl's own
    assert form.status_code == bare.status_code == 200
    assert form.json["digits"] == bare.json["digits"]


def test_the_annotated_picture_comes_where_a_picture_is_preferred(site: Make) -> None:
    page = page_with(2)
    answer = site().client.post("/api/read", data=encoded(page), headers={"Accept": "image/png"})
    assert answer.mimetype == "image/png"
    drawn = cv2.imdecode(np.frombuffer(answer.data, np.uint8), cv2.IMREAD_COLOR)
    assert drawn.shape == page.shape
    assert (drawn != page).any()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"json": {"images": [frame_that_says(3).tolist(), frame_that_says(10).tolist()]}}, "JSON"),
        (
            {
                "data": np.stack([frame_that_says(3), frame_that_says(10)]).tobytes(),
                "content_type": "application/octet-stream",
            },
            "raw bytes",
        ),
    ],
)
def test_frames_are_classified(site: Make, body: dict[str, object], kind: str) -> None:
    answer = site().client.post("/api/classify", **body).json
    assert answer["labels"] == [3, -1], kind
    assert answer["digit_score"][1] < 0.01


def test_one_frame_as_a_picture_and_no_frame_at_all(site: Make) -> None:
    client = site().client
    assert client.post("/api/classify", data=encoded(frame_that_says(7))).json["labels"] == [7]
    assert client.post("/api/classify", json={"images": []}).json["labels"] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("read", {"data": b""}, 400, "no_picture"),
        ("read", {"data": b"not a picture"}, 422, "picture"),
        ("read", {"data": b"GIF89a" + b"\0" * 40}, 422, "picture"),
        ("read", {"data": encoded(page_with(1))[:60]}, 422, "picture"),  # cut off while uploading
        ("read", {"data": encoded(page_with(1)) + b"\0" * 30_000}, 413, "request_entity_too_large"),
        ("read", {"data": huge_png(20_000, 20_000)}, 413, "too_many_pixels"),  # 400 megapixels in 80 bytes
        ("read", {"json": {"image": "aGVsbG8="}}, 415, "not_a_picture"),
        (
            "read",
            {"data": {"name": "text"}, "content_type": "multipart/form-data"},  # a form without a file
            400,
            "no_picture",
        ),
        ("read", {"data": {"file": (io.BytesIO(b""), "empty.png")}}, 400, "no_picture"),
        ("classify", {"data": b""}, 400, "no_picture"),
        ("classify", {"data": b"\0" * 783}, 422, "not_frames"),
        ("classify", {"data": encoded(np.zeros((28, 27), np.uint8))}, 422, "not_frames"),
        ("classify", {"data": b"{", "content_type": "application/json"}, 400, "bad_request"),
        ("classify", {"data": b'"\xff"', "content_type": "application/json"}, 400, "bad_request"),  # no UTF-8
        ("classify", {"data": b"9" * 5000, "content_type": "application/json"}, 400, "bad_request"),
        ("classify", {"data": b"[" * 19_000, "content_type": "application/json"}, 400, "bad_request"),
        ("classify", {"json": []}, 422, "not_frames"),
        ("classify", {"json": {"images": [[[0] * 28] * 27]}}, 422, "not_frames"),
        ("classify", {"json": {"images": [[[0] * 27 + [256]] * 28]}}, 422, "not_frames"),
        ("classify", {"json": {"images": [[[0] * 27 + [-1]] * 28]}}, 422, "not_frames"),
        ("classify", {"json": {"images": [[[0] * 27 + [0.5]] * 28]}}, 422, "not_frames"),
        ("classify", {"json": {"images": [[[0] * 27 + [True]] * 28]}}, 422, "not_frames"),
        ("classify", {"json": {"images": [[[0] * 27 + [[0]]] * 28]}}, 422, "not_frames"),
        ("classify", {"data": b"\0" * (784 * 6)}, 413, "too_many_frames"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    site: Make, path: str, body: dict[str, object], status: int, kind: str
) -> None:
    answer = site(Limits(body_bytes=20_000, frames=5)).client.post(f"/api/{path}", **body)
    assert (answer.status_code, answer.json["error"]["kind"]) == (status, kind)
    assert answer.json["error"]["status"] == status
    assert answer.json["error"]["what"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/read", 405),
        ("POST", "/api/health", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/static/../app", 404),
    ],
)
def test_wrong_turns_are_json_too(site: Make, method: str, path: str, status: int) -> None:
    answer = site().client.open(path, method=method)
    assert (answer.status_code, answer.json["error"]["status"]) == (status, status)
    assert answer.headers.get("WWW-Authenticate") is None, "no token would help"


@pytest.mark.parametrize(
    ("status", "retry_after", "headers"),
    [
        (503, 1, {"Retry-After": "1"}),
        (503, 0, {}),
        (401, 0, {"WWW-Authenticate": 'Bearer realm="edgedigits"'}),
        (403, 0, {}),
    ],
)
def test_what_a_client_may_do_next(
    site: Make, status: int, retry_after: int, headers: dict[str, str]
) -> None:
    with site().app.test_request_context():
        answer = Problem(status, "kind", "what", retry_after=retry_after).response()
    told = {name: value for name, value in answer.headers.items() if not name.startswith("Content-")}
    assert told == headers
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("method", "path", "body", "parts"),
    [
        (
            "POST",
            "/api/classify",
            {"data": b'{"images": [1,]}', "content_type": "application/json"},
            {"what": "JSON", "expected": '{"images"', "received": "line 1, column 1", "remedy": "library"},
        ),
        (
            "POST",
            "/api/classify",
            {
                # Regression: 500, and a RecursionError in the log.
                "data": b'{"images": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
                "content_type": "application/json",
            },
            {"what": "JSON", "expected": '{"images"', "received": "too deeply", "remedy": "library"},
        ),
        (
            "POST",
            "/api/read",
            {"data": b"\0" * 60_000},
            {"what": "too large", "expected": "0.05 MB", "received": "60,000 bytes", "remedy": "smaller"},
        ),
        (
            "POST",
            "/api/read",
            {"data": {str(field): "text" for field in range(30)}, "content_type": "multipart/form-data"},
            {"what": "form", "expected": "at most 20 fields", "received": "more", "remedy": "alone"},
        ),
        (
            "GET",
            "/api/read",
            {},
            {"what": "/api/read", "expected": "OPTIONS, POST", "received": "GET", "remedy": "openapi.json"},
        ),
        (
            "GET",
            "/nowhere",
            {},
            {"what": "nothing", "expected": "openapi.json", "received": "/nowhere", "remedy": "spelling"},
        ),
    ],
)
def test_what_is_refused_before_it_reaches_us_has_all_four_parts(
    site: Make, method: str, path: str, body: dict[str, object], parts: dict[str, str]
) -> None:
    """Regression: these had only werkzeug's own text, which names neither limits nor methods."""
    error = site(Limits(body_bytes=50_000)).client.open(path, method=method, **body).json["error"]
    for name, told in parts.items():
        assert told in error[name], (name, error)


def test_an_unforeseen_error_gives_nothing_away(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = site()

    def explode(_: object) -> None:
        raise RuntimeError("the secret of /home/pi")

    monkeypatch.setattr(made.classifier, "predict", explode)
    made.app.logger.disabled = True
    answer = made.client.post("/api/read", data=encoded(page_with(1)))
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_a_crowd_is_turned_away_with_503_and_the_gate_opens_again() -> None:
    gate = Gate(Limits(reads_at_once=1, reads_in_flight=2, wait_seconds=0.01))
    with gate.enter():
        with pytest.raises(Problem) as waited, gate.enter():  # a second one may wait, but gets no turn
            pass
        assert waited.value.status == 503
        gate.in_flight += 1  # another request is waiting
        with pytest.raises(Problem) as full, gate.enter():
            pass
        assert (full.value.status, full.value.retry_after) == (503, 1)
        assert full.value.parts["received"] == "2 pictures in flight", "it is not kept waiting for a turn"
        gate.in_flight -= 1
    with gate.enter():
        assert gate.in_flight == 1
    assert gate.in_flight == 0


def test_health_and_model_say_what_is_there(site: Make) -> None:
    made = site(replace(Limits(), viewers=3))
    health = made.client.get("/api/health").json
    assert health["status"] == "ok"
    assert health["limits"]["viewers"] == 3
    assert health["camera"]["on"] is False
    model = made.client.get("/api/model").json
    assert model["sha256"] == made.classifier.sha256
    assert model["contract"]["name"] == "tiny"
    assert str(made.classifier.path.parent) not in str(model), "paths of the server are its own business"


def test_pages_and_camera_share_one_copy_of_the_model(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    session = onnxruntime.InferenceSession

    def count(*args: object, **kwargs: object) -> object:
        opened.append(args)
        return session(*args, **kwargs)

    monkeypatch.setattr(onnxruntime, "InferenceSession", count)
    made = site()
    seat = made.feed.join("stream")
    for _ in range(3):
        made.client.post("/api/read", data=encoded(page_with(1)))
        assert seat.next() is not None
    assert len(opened) == 1
