"""The explorer on the real tables, served once for all tests of the site, and a browser where there is one."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from scripts import build, explore
from scripts.package import Package
from scripts.tables import read

from ..conftest import ROOT

NAME = "japan-russia-relations"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
)


@pytest.fixture(scope="session")
def package() -> Package:
    """The real package, every table read once, so that all tests see the same rows, whatever is edited meanwhile."""
    package = Package(ROOT)
    for table in package.tables.values():
        package.read(table.path)
    return package


@pytest.fixture(scope="session")
def rows(package):
    """The rows of a table, as they stand in its file."""
    return lambda name: read(package, package.tables[name])


@pytest.fixture(scope="session")
def database(package, tmp_path_factory) -> Path:
    """The real tables, compiled."""
    path = tmp_path_factory.mktemp("site") / f"{NAME}.db"
    build.validated(package, path, None)
    return path


@pytest.fixture(scope="session")
def site(database) -> str:
    """The address of a server of the real tables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = database.with_name("log")
    with log.open("wb") as written:
        process = subprocess.Popen(explore.command(ROOT, database, "127.0.0.1", port), stdout=written, stderr=written)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                httpx.get(f"{address}/robots.txt")
                break
            except httpx.TransportError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def browser():
    """A Chromium without a window."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}; install it, or name it in CHROMIUM")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield running
        running.close()
