"""The download: everything that a researcher needs, in one archive that any tool can open and check."""

import hashlib
import sqlite3
import zipfile
from pathlib import Path

from . import build
from .codebook import markdown
from .faults import Fault, Faulty
from .package import Package

FILES = [
    "README.md", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-DATA",
    "docs/codebook.md", "docs/cite.md", "docs/curate.md", "docs/explorer.png", "docs/release.md",
]
EPOCH = (1980, 1, 1, 0, 0, 0)


def make(root: Path, database: Path) -> Path:
    """Pack `build/japan-russia-relations-VERSION.zip` and return its path; the same input gives the same bytes.

    Raises `Faulty`, the last archive untouched, where something is missing or cannot be written, or where the tables
    are not those of the database.
    """
    with build.alone(database.parent), build.making(database.parent) as folder:
        package = Package(root)
        paths = ["datapackage.json", *FILES]
        for table in package.tables.values():
            paths += [table.path, table.resource.schema_path]
        for name in ("views", "checks"):
            paths += [f"schemas/{name}/{stem}.sql" for stem in package.sql(name)]
        content = {path: package.read(path) for path in paths}
        content[database.name] = database.read_bytes()
        content["codebook.md"] = markdown(package).encode()
        sums = "".join(f"{hashlib.sha256(content[path]).hexdigest()}  {path}\n" for path in sorted(content))
        content["SHA256SUMS"] = sums.encode()
        if _inputs(database) != Package(root).digest():
            raise Faulty([Fault("tables", message="were edited after the build; run it again")])
        target = database.with_name(f"{package.descriptor.name}-{package.descriptor.version}.zip")
        draft = folder / target.name
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(content):
                member = zipfile.ZipInfo(path, EPOCH)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                archive.writestr(member, content[path])
        build.move(draft, target)
    return target


def _inputs(database: Path) -> str:
    """The digest of the files from which the database was built."""
    connection = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute("SELECT inputs_sha256 FROM package").fetchone()[0]
    finally:
        connection.close()
