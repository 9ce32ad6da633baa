"""The base class of all errors that a caller may want to catch, and its subclasses.

A message has up to four parts, which say what was wrong, what was expected, what was received instead, and
what to do about it.
"""

from __future__ import annotations


class EdgeDigitsError(Exception):
    """What went wrong, in words that a user can act on.

    `what` is one sentence. `expected`, `received` and `remedy` are optional and get a line each. The command
    line exits with `exit_code` if the error reaches it.
    """

    exit_code = 1

    def __init__(self, what: str, *, expected: str = "", received: str = "", remedy: str = "") -> None:
        self.what = what
        self.expected = expected
        self.received = received
        self.remedy = remedy
        lines = [what]
        for name, text in (("expected", expected), ("received", received), ("what to do", remedy)):
            if text:
                lines.append(f"  {name}: {text}")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[object, ...]:
        """Support pickling, because worker processes send their errors to the parent."""
        return (_rebuild, (type(self), self.what, self.expected, self.received, self.remedy))


def _rebuild(
    kind: type[EdgeDigitsError], what: str, expected: str, received: str, remedy: str
) -> EdgeDigitsError:
    return kind(what, expected=expected, received=received, remedy=remedy)


class ModelError(EdgeDigitsError):
    """A model file that cannot be used: missing, damaged, or without a contract that this version knows."""


class PictureError(EdgeDigitsError):
    """A picture that cannot be read: missing, damaged, too large, or in a format that is not supported."""


class SourceError(EdgeDigitsError):
    """A camera, video or stream that does not open, or that stopped delivering."""


class DataError(EdgeDigitsError):
    """Training data that is missing, truncated or not what it claims to be."""


class UsageError(EdgeDigitsError):
    """A command line or an argument that asks for something impossible."""

    exit_code = 2


class MissingExtraError(UsageError):
    """A verb whose optional packages are not installed."""

    def __init__(self, verb: str, extra: str, module: str) -> None:
        from edgedigits.extras import pip_line

        self._arguments = (verb, extra, module)
        super().__init__(
            f"`edgedigits {verb}` needs the package `{module}`, which is not installed",
            expected=f"the extra `edgedigits[{extra}]`",
            remedy=pip_line(extra),
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), self._arguments)
