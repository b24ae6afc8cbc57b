"""Faults: what is wrong with the input, where, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault, at a place in a file.

    `file` is a path relative to the package, `line` a line counted from 1 or 0 where there is none, `column` a
    column's name or empty, `value` the cell as read or None, `message` what is wrong and what would be right.
    """

    file: str
    line: int = 0
    column: str = ""
    value: str | None = None
    message: str = ""

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.line or ""), self.column) if part)
        value = "" if self.value is None else f"{shorten(self.value)!r} "
        return f"{place}: {value}{self.message}"


def shorten(value: str, limit: int = 60) -> str:
    """The value, cut to `limit` characters so that a fault stays one readable line."""
    return value if len(value) <= limit else value[: limit - 1] + "…"


class Faulty(Exception):
    """Raised with every fault found; nothing was written."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults), key=lambda f: (f.file, f.line, f.column, f.message))
        super().__init__(f"{len(self.faults)} fault(s)")
