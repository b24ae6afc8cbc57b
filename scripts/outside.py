"""Frictionless, the outside world's validator, which has its word on every build and runs beside our own path."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .faults import Fault, Faulty


class Frictionless:
    """`frictionless validate` on the package in `root`, running from the start until the end of a `with` block."""

    def __init__(self, root: Path):
        """Start it. Raises `Faulty` where that cannot be done."""
        command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        self._said = tempfile.TemporaryFile("w+")
        try:
            self._process = subprocess.Popen(command, cwd=root, stdout=self._said, stderr=subprocess.STDOUT, env=environment)
        except OSError as error:
            self._said.close()
            raise Faulty([Fault(str(root), message=f"cannot be worked on: {error.strerror}; name the package's folder")]) from None

    def __enter__(self) -> "Frictionless":
        return self

    def __exit__(self, *error) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._said.close()

    def faults(self) -> list[Fault]:
        """Wait for the end, and tell what it found."""
        code = self._process.wait()
        self._said.seek(0)
        text = self._said.read()
        try:
            report = json.loads(text)
        except ValueError:
            return [Fault("datapackage.json", message=f"Frictionless failed ({code}): {text.strip()[-300:]}")]
        return list(_translated(report))


def _translated(report: dict) -> Iterator[Fault]:
    for error in report.get("errors", []):
        yield Fault("datapackage.json", message=f"Frictionless: {error['message']}")
    for task in report.get("tasks", []):
        for error in task.get("errors", []):
            column = error.get("fieldName") or ""
            yield Fault(task["place"], error.get("rowNumber") or 0, column, error.get("cell"), f"Frictionless: {error['message']}")
        for warning in task.get("warnings", []):
            yield Fault(task["place"], message=f"Frictionless warns: {warning}")
