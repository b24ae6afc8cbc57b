"""Run ourselves and the peers side by side: python -m bench [--rows N] [--runs K] [--only NAME ...].

Each run is a whole process; the order is turned round at every run, and the first round is not counted.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.package import Package

from .generate import generate

ROOT = Path(__file__).parent.parent
PEERS = ["datapackage-to-datasette", "frictionless[sql]", "sqlalchemy"]


def without_patterns(package: Path, copy: Path) -> Path:
    """A copy of the package for the peers that make a table with Frictionless: it crashes on a `pattern` in a nullable
    column."""
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("build"))
    for path in (copy / "schemas").glob("*.json"):
        schema = json.loads(path.read_text())
        for field in schema["fields"]:
            field.get("constraints", {}).pop("pattern", None)
        path.write_text(json.dumps(schema))
    return copy


def commands(package: Path, plain: Path, folder: Path, peers: Path | None) -> dict[str, list[list[str]]]:
    """Name → the commands that do the job, one after the other."""
    python, descriptor = sys.executable, str(package / "datapackage.json")
    frictionless = [python, "-m", "frictionless", "validate", descriptor]
    found = {
        "own path": [[python, "-m", "bench.own", str(package), str(folder / "own.db")]],
        "whole build": [[python, "-m", "scripts", "--root", str(package), "build"]],
        "validate": [[python, "-m", "scripts", "--root", str(package), "validate"]],
        "frictionless validate": [frictionless],
        "floor": [[python, "-m", "bench.floor", str(package), str(folder / "floor.db")]],
        "sqlite-utils insert": [[python, "-m", "bench.insert", str(package), str(folder / "insert.db")]],
    }
    if peers:
        publish = [str(peers / "bin" / "python"), str(ROOT / "bench" / "publish.py"), str(plain), str(folder / "publish.db")]
        found["frictionless validate + publish"] = [frictionless, publish]
        tool, notes = str(peers / "bin" / "datapackage-to-datasette"), str(folder / "peer.json")
        found["datapackage-to-datasette"] = [[tool, str(folder / "peer.db"), str(plain / "datapackage.json"), notes]]
    return found


def measure(steps: list[list[str]]) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MB of the steps, each a process of its own."""
    wall, peak = 0.0, 0.0
    for step in steps:
        start = time.perf_counter()
        process = subprocess.Popen(step, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall += time.perf_counter() - start
        peak = max(peak, usage.ru_maxrss / 1024)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(step)} failed: {errors.decode()[-400:]}")
    return wall, peak


def peers_environment() -> Path | None:
    """An environment with the peers, made once; None where they cannot be installed."""
    place = ROOT / "build" / "bench-venv"
    if not (place / "bin" / PEERS[0]).exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        pip = [str(place / "bin" / "pip"), "install", "--quiet", *PEERS]
        if subprocess.run(pip, capture_output=True).returncode:
            return None
    return place


def main() -> None:
    """Measure, print the table, and write it to build/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=0, help="rows to generate; 0 measures the real tables")
    parser.add_argument("--runs", type=int, default=5, help="counted runs, after one that is not")
    parser.add_argument("--only", nargs="*", help="names of what to measure")
    args = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    peers = peers_environment()
    with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="bench-") as folder:
        package = Path(folder) / "package"
        if args.rows:
            rows = generate(ROOT, package, args.rows)
        else:
            shutil.copytree(ROOT, package, ignore=shutil.ignore_patterns(".venv", ".git", "build"))
            rows = sum(package.joinpath(t.path).read_bytes().count(b"\n") - 1 for t in Package(package).tables.values())
        plain = without_patterns(package, Path(folder) / "plain")
        names = [name for name in commands(package, plain, Path(folder), peers) if not args.only or name in args.only]
        results: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        failed: dict[str, str] = {}
        for run in range(args.runs + 1):
            for name in names if run % 2 else reversed(names):
                if name in failed:
                    continue
                work = Path(tempfile.mkdtemp(dir=folder))
                shutil.rmtree(package / "build", ignore_errors=True)
                try:
                    figure = measure(commands(package, plain, work, peers)[name])
                except RuntimeError as error:
                    failed[name] = str(error)
                    continue
                finally:
                    shutil.rmtree(work)
                if run:
                    results[name].append(figure)
    report(rows, args.runs, {name: figures for name, figures in results.items() if name not in failed}, failed)


def report(rows: int, runs: int, results: dict[str, list[tuple[float, float]]], failed: dict[str, str]) -> None:
    """Print medians and ratios, and keep them in build/bench.json."""
    base = statistics.median(wall for wall, _ in results["own path"]) if "own path" in results else None
    print(f"{rows:,} rows, medians of {runs}\n\n| what | seconds | times our own path | peak MB |\n|---|---|---|---|")
    kept = {}
    for name, figures in results.items():
        wall, peak = (statistics.median(column) for column in zip(*figures))
        ratio = f"{wall / base:.2f}" if base else ""
        print(f"| {name} | {wall:.2f} | {ratio} | {peak:.0f} |")
        kept[name] = {"seconds": round(wall, 3), "peak_mb": round(peak, 1), "runs": figures}
    for name, error in failed.items():
        print(f"| {name} | failed | | |")
        kept[name] = {"failed": error}
    path = ROOT / "build" / "bench.json"
    everything = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(everything | {str(rows): kept}, indent=1) + "\n")


if __name__ == "__main__":
    main()
