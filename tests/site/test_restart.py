"""A running server goes on serving the file with which it began, until it is started again."""

import json
import shutil

from scripts import build

from ..conftest import Tiny
from .test_hostile import NAME, serving


def test_a_new_build_is_served_after_a_restart(tiny_template, tmp_path):
    root = tmp_path / "package"
    shutil.copytree(tiny_template, root)
    database = build.build(root).path
    asked = f"/{NAME}/people/sato.json?_shape=objects&_asked="

    def notes(server, times: int) -> set:
        return {json.loads(server.ask(f"{asked}{number}").body)["rows"][0]["note"] for number in range(times)}

    with serving(root, database) as server:
        Tiny(root).set("people", "sato", note="A new note.")
        assert build.build(root).fresh
        assert notes(server, 30) == {None}
    with serving(root, database) as server:
        assert notes(server, 2) == {"A new note."}
