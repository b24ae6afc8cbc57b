"""Our own path without Frictionless: read, rules, compile, checks, verify. usage: python -m bench.own PACKAGE DATABASE"""

import sys
from pathlib import Path

from scripts.build import validated
from scripts.package import Package

if __name__ == "__main__":
    validated(Package(Path(sys.argv[1])), Path(sys.argv[2]), None)
