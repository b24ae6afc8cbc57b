"""The commands: python -m scripts VERB. Exits 0 when all is well, 1 on faults, 2 on wrong usage.

What a command works with is loaded when it runs, so that validating can start Frictionless first.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from .faults import Faulty
from .outside import Frictionless

ROOT = Path(__file__).parent.parent


def texts() -> Path | None:
    """The folder of the consulted texts, where the environment names one."""
    return Path(os.environ["TEXTS"]) if os.environ.get("TEXTS") else None


def say(text: str) -> None:
    """Progress, for a terminal; a pipe stays quiet."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def _validate(args: argparse.Namespace) -> int:
    with Frictionless(args.root) as outside:
        return _build(args, outside)


def _build(args: argparse.Namespace, outside: Frictionless | None = None) -> int:
    start = time.monotonic()
    say("reading, checking and compiling the tables …")
    from . import build

    result = build.build(args.root, texts(), publish=args.verb != "validate", outside=outside)
    for warning in result.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if not result.fresh:
        print(f"{_shown(result.path)} is up to date (content {result.content[:12]}); nothing done")
        return 0
    if result.report is None:
        print("evidence not verified against the texts: TEXTS names no folder that has them")
    else:
        print(_summary(result.report))
    done = "the tables are valid" if args.verb == "validate" else f"built {_shown(result.path)}"
    print(f"{done} in {build.timed(start)}; content {result.content}")
    return 0


def _shown(path: Path) -> str:
    return os.path.relpath(path)


def _summary(report) -> str:
    return (
        f"verified {report.passages} passages and {report.values} figures, dates and people; "
        f"{len(report.exceptions)} stand there in another form, each with its note"
    )


def _format(args: argparse.Namespace) -> int:
    from . import tables
    from .package import Package

    changed = tables.format(Package(args.root))
    print("\n".join(f"formatted {path}" for path in changed) or "all tables are in canonical form")
    return 0


def _serve(args: argparse.Namespace) -> int:
    from . import build, explore

    build.build(args.root, texts())
    explore.serve(args.root, build.database(args.root), args.host, args.port)
    return 0


def _release(args: argparse.Namespace) -> int:
    from . import build, release

    result = build.build(args.root, texts())
    print(f"wrote {_shown(release.make(args.root, result.path))}")
    return 0


def _passages(args: argparse.Namespace) -> int:
    folder = texts()
    if folder is None:
        print("nothing verified: the texts are not shipped; set TEXTS to the folder that has them")
        return 0 if args.task == "verify" else 1
    from . import build, passages
    from .package import Package

    package = Package(args.root)
    typed = build.typed_rows(package)
    found = passages.Texts(folder, typed["sources"])
    if args.task == "show":
        hits = list(found.find(args.words[0])) if len(args.words) == 1 else []
        for source, text in hits:
            print(f"{source}\n{text}")
        if not hits:
            print(f"no text has the passage {' '.join(args.words)!r}; give one digest", file=sys.stderr)
        return 0 if hits else 1
    if args.task == "find":
        hits = list(found.search(args.words))
        for source, digest, text in hits:
            print(f"{source} {digest} {text}\n")
        return 0 if hits else 1
    report = passages.verify(package, typed, found)
    if args.task == "todo":
        for source, left in report.uncited.items():
            if not args.words or source in args.words:
                print(f"{source}: {len(left)} paragraphs neither cited nor listed as read")
                for digest in left:
                    print(f"  {digest} {found.paragraphs[source][digest][:100]}")
        return 0
    for exception in report.exceptions:
        print(f"exception: {exception}")
    for source, share in report.share.items():
        print(f"{source}: {share:.1%} of its paragraphs cited or listed as read")
    if report.faults:
        raise Faulty(report.faults)
    print(_summary(report))
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser(prog="python -m scripts", description="Work on the package of tables.")
    main.add_argument("--root", type=Path, default=ROOT, help="the package's folder (default: this project)")
    verbs = main.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, run, help: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=help, description=help)
        added.set_defaults(run=run)
        return added

    verb("validate", _validate, "do all that build does, but leave the last build in its place")
    verb("build", _build, "validate the tables and compile them into build/japan-russia-relations.db")
    verb("format", _format, "bring the tables into canonical form and number empty ids of hanging rows")
    verb("release", _release, "build, and pack build/japan-russia-relations-VERSION.zip")
    serve = verb("serve", _serve, "build, and serve the database with Datasette")
    serve.add_argument("--port", type=int, default=8001)
    serve.add_argument("--host", default="127.0.0.1")
    text = "verify all evidence against the texts in the folder that TEXTS names, or look passages up there"
    found = verb("passages", _passages, text)
    tasks = {
        "verify": "hold every passage, figure, date and person against the texts (the default)",
        "show": "print the passage with the digest WORDS",
        "find": "print the passages that have all WORDS",
        "todo": "list the paragraphs of the sources WORDS (default: all) that are neither cited nor listed as read",
    }
    found.add_argument("task", nargs="?", default="verify", choices=tasks, help="; ".join(f"{k}: {v}" for k, v in tasks.items()))
    found.add_argument("words", nargs="*", metavar="WORDS")
    return main


def main() -> int:
    """Run one command; report all faults at once."""
    args = parser().parse_args()
    if getattr(args, "task", "") in ("show", "find") and not args.words:
        parser().error(f"passages {args.task} needs {'a digest' if args.task == 'show' else 'words'}")
    try:
        return args.run(args)
    except Faulty as faulty:
        for fault in faulty.faults:
            print(fault, file=sys.stderr)
        print(f"{len(faulty.faults)} fault(s); nothing was changed", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
