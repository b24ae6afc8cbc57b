"""A small corruption campaign at every run of the tests; the large one is `python -m tests.code.corrupt`."""

import os
from pathlib import Path

import pytest

from scripts import tables

from ..conftest import ROOT
from . import corrupt

EVIDENCED = ["another person", "digit of a number changed", "digits of a number exchanged", "sign dropped or added"]
EVIDENCED += [name for name in corrupt.STATEMENTS if name.startswith("date moved")]
# Tables whose cells no passage vouches for: what is said there of dates and numbers is ours, or a gazetteer's.
UNTIED = {"parties", "places", "polls"}


@pytest.fixture(scope="module")
def base(tiny_template):
    """The tiny package, held against its text."""
    return corrupt.Base(tiny_template, tiny_template / "texts")


@pytest.mark.parametrize("kind", corrupt.STRUCTURAL)
def test_nothing_structural_goes_uncaught(kind, base):
    for number in range(500):
        _, made = corrupt.change(base, 1, number, [kind])
        verdict, why, _ = corrupt.judged(base, made)
        assert verdict in (corrupt.RIGHT, corrupt.TIED, corrupt.SAME), (number, verdict, why)


@pytest.mark.parametrize("kind", corrupt.STRUCTURAL)
def test_what_is_read_in_small_pieces_is_judged_alike(kind, base, monkeypatch):
    for number in range(20):
        _, made = corrupt.change(base, 2, number, [kind])
        verdict, _, faults = corrupt.judged(base, made)
        with monkeypatch.context() as small:
            small.setattr(tables, "PIECE", 1)
            again, _, found = corrupt.judged(base, made)
        # Of two rows in the wrong order, which one strayed shows only by the next, which a piece may not have.
        near = {(fault.file, fault.line + step) for fault in faults for step in (-1, 0, 1)}
        assert again == verdict and {(fault.file, fault.line) for fault in found} <= near, (number, faults, found)


@pytest.mark.parametrize("kind", EVIDENCED)
def test_figures_dates_and_people_that_no_passage_has_are_caught(kind, base):
    for number in range(60):
        _, made = corrupt.change(base, 1, number, [kind])
        verdict, why, _ = corrupt.judged(base, made)
        if verdict == corrupt.MISSED and made.table.name not in UNTIED:
            assert "stands in the passages" in why, (number, made.table.name, why)


def test_nothing_structural_goes_uncaught_in_the_real_tables():
    texts = Path(os.environ["TEXTS"]).resolve() if os.environ.get("TEXTS") else None
    findings = corrupt.campaign(ROOT, texts, 4 * len(corrupt.KINDS), 1, list(corrupt.KINDS))
    wrong = [finding for finding in findings if finding.kind in corrupt.STRUCTURAL and finding.verdict == corrupt.MISSED]
    assert not wrong, corrupt.table_of(findings)


def test_a_change_is_the_same_at_every_run(base):
    for number in range(len(corrupt.KINDS)):
        kinds = list(corrupt.KINDS)
        assert corrupt.change(base, 1, number, kinds)[1].data == corrupt.change(base, 1, number, kinds)[1].data


def test_frictionless_and_the_build_agree_with_the_verdict(base):
    assert corrupt.differences(base, 2, len(corrupt.KINDS) // 2, list(corrupt.KINDS)[::-2], whole=True) == []
