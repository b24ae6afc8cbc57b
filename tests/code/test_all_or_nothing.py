"""A build is all or nothing: killed, out of room, out of handles, beside another, over a table that is edited meanwhile,
it leaves the last good files whole, and the next build succeeds.

KILLS sets how often a build is killed (15 unless it says otherwise).
"""

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from scripts import build
from scripts.release import FILES

from ..conftest import ROOT, Tiny

DATABASE = "build/japan-russia-relations.db"
ARCHIVE = "build/japan-russia-relations-0.1.0.zip"
VALUES = ("176.3", "176.4")  # the two states between which a table is edited


@pytest.fixture(scope="module")
def states(tiny_template, tmp_path_factory):
    """A released package, and the digests of database and archive in each of its two states."""
    root = tmp_path_factory.mktemp("states") / "package"
    shutil.copytree(tiny_template, root)
    for name in FILES:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    digests = {DATABASE: set(), ARCHIVE: set()}
    for value in VALUES[::-1]:
        Tiny(root).set("figures", "exports.figure-1", value=value)
        assert command(root, "release").returncode == 0
        for path in digests:
            digests[path].add(digest(root / path))
    return root, digests


@pytest.fixture
def released(states, tmp_path):
    """A fresh copy of the released package."""
    root = tmp_path / "package"
    shutil.copytree(states[0], root)
    return Tiny(root)


def digest(path: Path) -> str:
    """The digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def start(root: Path, *arguments: str, **options) -> subprocess.Popen:
    """Start a command of the project in a group of processes of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "TEXTS"}
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", "--root", str(root), *arguments], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options,
    )


def command(root: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    """Run a command of the project to its end."""
    process = start(root, *arguments, **options)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def good_files(root: Path) -> dict[str, str]:
    """The digests of what a reader takes from the build folder."""
    return {path: digest(root / path) for path in (DATABASE, ARCHIVE)}


def left_over(root: Path) -> list[str]:
    """Files in the build folder that should not be there."""
    known = {Path(DATABASE).name, Path(ARCHIVE).name, Path(DATABASE).with_suffix(".json").name, ".lock"}
    return sorted(path.name for path in (root / "build").iterdir() if path.name not in known)


def refused(process: subprocess.CompletedProcess) -> None:
    """See that a command failed with a fault, not with a trace of the program."""
    assert process.returncode == 1, process
    assert "Traceback" not in process.stderr and "fault(s)" in process.stderr


def test_killed_at_any_moment_the_last_good_files_are_whole(released, states):
    begun = time.monotonic()
    released.set("figures", "exports.figure-1", value=VALUES[1])
    assert command(released.root, "release").returncode == 0
    duration = time.monotonic() - begun
    chance = random.Random(5)
    for number in range(int(os.environ.get("KILLS", 15))):
        released.set("figures", "exports.figure-1", value=VALUES[number % 2])
        process = start(released.root, "release")
        time.sleep(chance.uniform(0.1, 1) * duration)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        for path, digests in states[1].items():
            assert digest(released.root / path) in digests, f"{path} after kill {number}"
    released.set("figures", "exports.figure-1", value=VALUES[0])
    assert command(released.root, "release").returncode == 0
    assert good_files(released.root) == good_files(states[0])
    assert left_over(released.root) == []


@pytest.mark.parametrize("verb", ["build", "release"])
@pytest.mark.parametrize("size", [1_000, 100_000, 400_000])
def test_a_file_that_may_not_grow_is_a_fault(verb, size, released):
    """As a full disk does, a limit on the size of files lets writing fail at some point."""
    released.set("figures", "exports.figure-1", value=VALUES[1])
    before = good_files(released.root)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    refused(command(released.root, verb, preexec_fn=limit))
    assert good_files(released.root) == before and left_over(released.root) == []
    assert command(released.root, verb).returncode == 0


@pytest.fixture
def disk(released):
    """A small disk of its own for the build folder; what mounts it again takes options."""
    folder = released.root / "build"
    size = sum(path.stat().st_size for path in folder.iterdir()) + 300_000
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    def mount(*options: str) -> bool:
        return subprocess.run(["mount", *options, str(folder)], capture_output=True).returncode == 0

    if os.geteuid() or not mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        pytest.skip("only root can mount a small disk, and not everywhere")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    yield mount
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_a_fault(disk, released):
    released.set("figures", "exports.figure-1", value=VALUES[1])
    before = good_files(released.root)
    refused(command(released.root, "release"))
    assert good_files(released.root) == before and left_over(released.root) == []
    assert disk("-o", "remount,size=50000000")
    assert command(released.root, "release").returncode == 0
    assert good_files(released.root) != before


def test_a_build_folder_that_cannot_be_written_is_a_fault(disk, released):
    released.set("figures", "exports.figure-1", value=VALUES[1])
    before = good_files(released.root)
    assert disk("-o", "remount,ro")
    process = command(released.root, "build")
    refused(process)
    assert "build: cannot be written" in process.stderr
    assert good_files(released.root) == before


def test_a_file_in_the_place_of_the_build_folder_is_a_fault(released):
    shutil.rmtree(released.root / "build")
    (released.root / "build").write_text("mine")
    process = command(released.root, "build")
    refused(process)
    assert "build: cannot be written" in process.stderr
    assert (released.root / "build").read_text() == "mine"


@pytest.mark.parametrize("handles", [5, 6, 7, 8, 10, 12])
def test_without_file_handles_the_last_good_files_are_whole(handles, released, states):
    released.set("figures", "exports.figure-1", value=VALUES[1])
    before = good_files(released.root)
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (handles, handles))
    process = command(released.root, "build", preexec_fn=limit)
    if process.returncode:
        refused(process)
        assert good_files(released.root) == before
    assert command(released.root, "build").returncode == 0
    assert left_over(released.root) == [], "the next build clears away what could not be removed without handles"


def test_builds_at_once_wait_for_each_other(released):
    released.set("figures", "exports.figure-1", value=VALUES[1])
    processes = [start(released.root, "build") for _ in range(3)]
    said = sorted("nothing done" in process.communicate()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert said == [False, True, True], "one builds, the others find it done"
    assert left_over(released.root) == []


@pytest.mark.parametrize("edit", [
    lambda tiny: tiny.set("people", "sato", note="Edited."),
    lambda tiny: tiny.path("people").write_bytes(tiny.path("people").read_bytes()[:-20]),
    lambda tiny: tiny.path("people").unlink(),
    lambda tiny: (tiny.root / "schemas" / "checks" / "new.sql").write_text("-- title: New\nSELECT 1, 1, 1, 1, 1 WHERE 0\n"),
], ids=["a cell", "cut off", "removed", "a new check"])
@pytest.mark.parametrize("moment", ["load", "finish", "verify"])
def test_a_table_edited_during_the_build_is_a_fault(moment, edit, released, run, monkeypatch):
    released.set("figures", "exports.figure-1", value=VALUES[1])
    before = good_files(released.root)
    step = getattr(build, moment)

    def edited(*arguments):
        edit(released)
        return step(*arguments)

    monkeypatch.setattr(build, moment, edited)
    outcome = run(released.root, "build")
    assert outcome.status == 1
    assert good_files(released.root) == before and left_over(released.root) == []


def test_a_release_is_of_the_tables_that_were_built(released, run, monkeypatch):
    before = good_files(released.root)
    made = build.build

    def edited(*arguments):
        result = made(*arguments)
        released.set("people", "sato", note="Edited.")
        return result

    monkeypatch.setattr(build, "build", edited)
    outcome = run(released.root, "release")
    assert outcome.status == 1 and "edited after the build" in outcome.err
    assert good_files(released.root) == before


def flipped(path: Path, chance: random.Random) -> None:
    """Flip one bit of a file."""
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def test_a_flipped_bit_of_the_database_is_noticed_by_the_next_build(released, run):
    path, chance = released.root / DATABASE, random.Random(1)
    good = path.read_bytes()
    package = build.Package(released.root)
    state = build._state(package, None)
    assert build._last(path, state)
    for _ in range(100):
        flipped(path, chance)
        assert build._last(path, state) is None
        path.write_bytes(good)
    flipped(path, chance)
    outcome = run(released.root, "build")
    assert outcome.status == 0 and "nothing done" not in outcome.out
    assert path.read_bytes() == good


def test_a_flipped_bit_of_the_note_beside_the_database_only_builds_again(released, run):
    path, chance = (released.root / DATABASE).with_suffix(".json"), random.Random(1)
    good = digest(released.root / DATABASE)
    for _ in range(3):
        flipped(path, chance)
        assert run(released.root, "build").status == 0
        assert digest(released.root / DATABASE) == good


def test_a_flipped_bit_of_the_archive_is_noticed(released, tmp_path):
    """By the archive's own sums, by sha256sum -c, or it is in the names and dates around the files, which are whole."""
    path, chance = released.root / ARCHIVE, random.Random(1)
    good = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    noticed = 0
    for number in range(40):
        flipped(path, chance)
        folder = tmp_path / str(number)
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
        except Exception:
            noticed += 1
        else:
            check = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True)
            same = all((folder / name).is_file() and (folder / name).read_bytes() == data for name, data in whole.items())
            assert check.returncode or same
            noticed += bool(check.returncode)
        path.write_bytes(good)
    assert noticed > 30


def test_a_flipped_bit_of_an_unpacked_file_is_noticed_by_sha256sum(released, tmp_path):
    with zipfile.ZipFile(released.root / ARCHIVE) as archive:
        archive.extractall(tmp_path / "unpacked")
        names = archive.namelist()
    chance = random.Random(1)
    for name in names:
        path = tmp_path / "unpacked" / name
        good = path.read_bytes()
        flipped(path, chance)
        check = ["sha256sum", "-c", "--quiet", "SHA256SUMS"]
        assert subprocess.run(check, cwd=tmp_path / "unpacked", capture_output=True).returncode, name
        path.write_bytes(good)
