"""The routes: each takes a request apart, calls the library, and puts the answer together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory

from edgedigits import cli, draw
from edgedigits.classifier import Classifier
from edgedigits.web import answers, bodies, guard, problems
from edgedigits.web.feed import Feed, encode
from edgedigits.web.limits import Gate, Limits
from edgedigits.web.viewers import HEARTBEAT, Seat

BOUNDARY = "edgedigits-frame"


class Routes:
    """The API over one classifier, one gate and one camera feed."""

    def __init__(self, classifier: Classifier, feed: Feed, limits: Limits) -> None:
        self.classifier = classifier
        self.feed = feed
        self.limits = limits
        self.gate = Gate(limits)
        self.started = time.monotonic()

    def read(self) -> Response:
        """POST /api/read: a picture in, its reading out, as JSON or as an annotated PNG."""
        with self.gate.enter():
            watch = answers.Stopwatch()
            picture = bodies.picture(self.limits)
            decode_ms = watch.ms()
            reading, frames = answers.read(self.classifier, picture)
            if wants_png():
                annotated = draw.annotate(picture, reading, rejected=True)
                return Response(encode(annotated, ".png"), mimetype="image/png")
        found = answers.to_json(reading, frames)
        found["timing_ms"]["decode"] = decode_ms
        found["timing_ms"]["total"] = watch.ms()
        return jsonify(found)

    def classify(self) -> Response:
        """POST /api/classify: 28x28 frames in, labels and probabilities out."""
        with self.gate.enter():
            watch = answers.Stopwatch()
            predictions = self.classifier.predict(bodies.frames(self.limits))
            elapsed = watch.ms()
        return jsonify({**predictions.to_dict(), "timing_ms": {"total": elapsed}})

    def stream(self) -> Response:
        """GET /api/stream: MJPEG with boxes drawn, for a browser, VLC or OpenCV."""
        kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        return self._watch("stream", kind, _parts)

    def readings(self) -> Response:
        """GET /api/readings: server-sent events, one for each frame that was read."""
        return self._watch("readings", "text/event-stream", _events)

    def health(self) -> Response:
        """GET /api/health: cheap, and answered also when the server is busy."""
        return jsonify(
            {
                "status": "ok",
                "version": cli.version(),
                "uptime_s": round(time.monotonic() - self.started, 1),
                "reads_in_flight": self.gate.in_flight,
                "camera": self.feed.status(),
                "limits": {name: getattr(self.limits, name) for name in asdict(self.limits)},
            }
        )

    def model(self) -> Response:
        """GET /api/model: the contract that the model carries, and which file it is."""
        return jsonify(
            {
                "file": self.classifier.path.name,
                "sha256": self.classifier.sha256,
                "bytes": self.classifier.bytes,
                "threshold": self.classifier.threshold,
                "contract": asdict(self.classifier.contract),
            }
        )

    def _watch(self, kind: str, content_type: str, body: Any) -> Response:
        seat = self.feed.join(kind)
        if request.method == "HEAD":  # werkzeug does not close a body that it does not send
            seat.leave()
            return Response(content_type=content_type)
        answer = Response(body(seat), content_type=content_type)
        answer.call_on_close(seat.leave)
        answer.headers["X-Accel-Buffering"] = "no"  # nginx would buffer the stream
        return answer


def _parts(seat: Seat) -> Iterator[bytes]:
    while (shot := seat.next()) is not None:
        if shot.jpeg:
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(shot.jpeg)}\r\n\r\n"
            yield head.encode() + shot.jpeg + b"\r\n"


def _events(seat: Seat) -> Iterator[bytes]:
    yield f"retry: {int(1000 * HEARTBEAT)}\n\n".encode()
    while (shot := seat.next()) is not None:
        yield b"id: %d\nevent: reading\ndata: %s\n\n" % (shot.number, shot.event)


def wants_png() -> bool:
    """Return whether the client prefers a picture to JSON; without a preference it gets JSON."""
    return bool(request.accept_mimetypes.best_match(["application/json", "image/png"]) == "image/png")


def create_app(classifier: Classifier, feed: Feed, limits: Limits, token: str = "") -> Flask:
    """Create the app; with `token` "" it serves this computer alone."""
    app = Flask("edgedigits.web", static_folder="static", static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=limits.body_bytes,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=20,
    )
    app.json.sort_keys = False
    problems.register(app)
    guard.install(app, token)
    routes = Routes(classifier, feed, limits)

    def page() -> Response:
        return send_from_directory(app.static_folder, "index.html")

    def openapi() -> Response:
        return send_from_directory(app.root_path, "openapi.json")

    for rule, view, method in (
        ("/", page, "GET"),
        ("/api/openapi.json", openapi, "GET"),
        ("/api/read", routes.read, "POST"),
        ("/api/classify", routes.classify, "POST"),
        ("/api/stream", routes.stream, "GET"),
        ("/api/readings", routes.readings, "GET"),
        ("/api/health", routes.health, "GET"),
        ("/api/model", routes.model, "GET"),
    ):
        app.add_url_rule(rule, view.__name__, view, methods=[method])
    return app
