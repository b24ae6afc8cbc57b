"""Frictionless's own way to SQLite: Package.publish. usage: python publish.py PACKAGE DATABASE"""

import sys

import frictionless

if __name__ == "__main__":
    frictionless.Package(f"{sys.argv[1]}/datapackage.json").publish(f"sqlite:///{sys.argv[2]}")
