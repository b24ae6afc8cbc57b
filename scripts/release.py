"""The download: everything that a researcher needs, in one archive that any tool can open and check."""

import hashlib
import os
import zipfile
from pathlib import Path

from .codebook import markdown
from .package import Package

FILES = ["README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-DATA", "docs/codebook.md", "docs/cite.md"]
EPOCH = (1980, 1, 1, 0, 0, 0)


def make(root: Path, database: Path) -> Path:
    """Pack `build/japan-russia-relations-VERSION.zip` and return its path; the same input gives the same bytes."""
    package = Package(root)
    paths = ["datapackage.json", *FILES]
    for table in package.tables.values():
        paths += [table.path, table.resource.schema_path]
    for folder in ("views", "checks"):
        paths += [f"schemas/{folder}/{stem}.sql" for stem in package.sql(folder)]
    content = {path: package.read(path) for path in paths}
    content[database.name] = database.read_bytes()
    content["codebook.md"] = markdown(package).encode()
    sums = "".join(f"{hashlib.sha256(content[path]).hexdigest()}  {path}\n" for path in sorted(content))
    content["SHA256SUMS"] = sums.encode()
    target = database.with_name(f"{package.descriptor.name}-{package.descriptor.version}.zip")
    draft = target.with_suffix(".zip.new")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(content):
                member = zipfile.ZipInfo(path, EPOCH)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                archive.writestr(member, content[path])
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return target
