"""Evidence against the texts: what stands in the passages, and what must not pass."""

import hashlib

import pytest

from scripts import passages

from .tiny import TEXT

DIGESTS = list(passages.paragraphs(TEXT))


def test_a_passage_is_named_by_the_digest_of_its_collapsed_text():
    found = passages.paragraphs("One\n  two\r\n\r\n \n\nthree")
    assert list(found.values()) == ["One two", "three"]
    assert list(found) == [hashlib.sha256(text.encode()).hexdigest()[:12] for text in found.values()]


def test_verify_reports_what_it_looked_at(tiny, run):
    outcome = run(tiny.root, "passages", texts=tiny.texts)
    assert outcome.status == 0 and "verified 21 passages" in outcome.out
    assert "text: 100.0% of its paragraphs cited or listed as read" in outcome.out


def test_without_texts_it_says_that_nothing_was_verified(tiny, run):
    outcome = run(tiny.root, "passages")
    assert outcome.status == 0 and "nothing verified" in outcome.out


@pytest.mark.parametrize("verb", ["passages", "build"])
def test_texts_that_cannot_be_read_are_a_fault(tiny, run, verb):
    outcome = run(tiny.root, verb, texts=tiny.root / "nowhere")
    assert outcome.status == 1 and "is no folder that can be read" in outcome.err


def test_a_text_with_other_bytes_is_a_fault(tiny, run):
    (tiny.texts / "text.txt").write_text(TEXT + "x")
    outcome = run(tiny.root, "passages", texts=tiny.texts)
    assert outcome.status == 1 and "no file in it has the SHA-256 of text" in outcome.err


def test_show_find_and_todo(tiny, run):
    assert "Thanks are due" in run(tiny.root, "passages", "show", DIGESTS[4], texts=tiny.texts).out
    assert run(tiny.root, "passages", "show", "0" * 12, texts=tiny.texts).status == 1
    assert DIGESTS[1] in run(tiny.root, "passages", "find", "HASHIMOTTO", "yeltsin", texts=tiny.texts).out
    tiny.remove("readings", "text.reading-2")
    assert DIGESTS[4] in run(tiny.root, "passages", "todo", texts=tiny.texts).out


def test_a_complete_source_has_every_paragraph_cited_or_read(tiny, run):
    tiny.remove("readings", "text.reading-2")
    outcome = run(tiny.root, "validate", texts=tiny.texts)
    assert outcome.status == 1 and f"1 paragraphs are neither cited nor listed as read, {DIGESTS[4]}" in outcome.err


@pytest.mark.parametrize(("table", "row", "cells", "missing"), [
    ("figures", "exports.figure-1", {"value": "176.5"}, "176.5"),
    ("figures", "exports.figure-1", {"date": "1992"}, "1992"),
    ("poll_answers", "poll-1988.answer-1", {"percent": "31"}, "31"),
    ("meetings", "krasnoyarsk-1997", {"date": "1997-11-01/1997-11-03"}, "day 3"),
    ("meetings", "krasnoyarsk-1997", {"date": "1997-12-01/1997-12-02"}, "December"),
    ("agreements", "tokyo-declaration-1993", {"date": "1994-10-13"}, "1994"),
    ("envoys", "sato-1997", {"date": "1997-21"}, "spring"),
    ("events", "arrival-1996", {"person_id": "sato"}, "sato"),
    ("evidence", "slogan.evidence-1", {"claimant_id": "sato"}, "sato"),
    ("evidence", "slogan.evidence-1", {"passage": "0123456789ab"}, "is no paragraph of text"),
    ("people", "sato", {"name": "Saito", "family_name": "Saito"}, "sato"),
    ("names", "hashimoto.name-1", {"name": "Hashimito"}, "Hashimito"),
])
def test_what_stands_in_no_cited_passage_is_a_fault(tiny, run, table, row, cells, missing):
    tiny.set(table, row, **cells)
    outcome = run(tiny.root, "passages", texts=tiny.texts)
    assert outcome.status == 1
    place = f"tables/{table}.csv:{tiny.line(table, row)}:"
    assert any(line.startswith(place) and missing in line for line in outcome.faults), outcome.err


def test_the_date_of_a_source_stands_in_its_citation(tiny, run):
    tiny.set("sources", "gazetteer", date="2020")
    assert run(tiny.root, "passages", texts=tiny.texts).status == 0
    tiny.set("sources", "gazetteer", date="2021-05")
    outcome = run(tiny.root, "passages", texts=tiny.texts)
    place = f"tables/sources.csv:{tiny.line('sources', 'gazetteer')}:date: '2021-05' 2021, May does not stand in the citation"
    assert outcome.status == 1 and any(line.startswith(place) for line in outcome.faults), outcome.err


def test_a_note_that_does_not_name_the_value_excuses_nothing(tiny, run):
    tiny.set("agreements", "tokyo-declaration-1993", date="1994-10-13")
    tiny.set("evidence", "tokyo-declaration-1993.evidence-1", note="The year is a slip.", field="date")
    assert run(tiny.root, "passages", texts=tiny.texts).status == 1


def test_a_note_accounts_for_a_value_in_another_form(tiny, run):
    tiny.set("agreements", "tokyo-declaration-1993", date="1994-10-13")
    tiny.set("evidence", "tokyo-declaration-1993.evidence-1", note="“1993” is a slip for 1994.")
    outcome = run(tiny.root, "passages", texts=tiny.texts)
    assert outcome.status == 0 and "exception: tokyo-declaration-1993.date: 1994 (“1993” is a slip for 1994.)" in outcome.out


@pytest.mark.parametrize(("value", "text"), [
    (2114, "exports of $2,114 million"), (2114, "2114"), (176.3, "176.3 166.6"), (30, "thirty percent"), (2.5, "2.5 percent"),
    (31, "thirty-one of them"), (500, "five hundred"), (50, "half of them"), (2.5, "two and a half months"),
    (60, "more than six decades"), (2, "twice"), (-17.5, "decreased by 17.5 percent"), (0.5, "half"),
])
def test_numbers_are_found_in_digits_and_words(value, text):
    assert passages.missing_number(value, text) == []


@pytest.mark.parametrize(("value", "text"), [
    (114, "2,114"), (17, "176.3"), (6.3, "176.3"), (30, "thirteen"), (-17.5, "rose by 17.5 percent"), (2, "2.5"), (5, "1,500"),
])
def test_numbers_are_not_found_inside_others(value, text):
    assert passages.missing_number(value, text)


@pytest.mark.parametrize(("date", "text"), [
    ("1993", "in 1992-93"), ("1993", "1992/3"), ("1980/1989", "in the 1980s"),
    ("1995~", "in the mid-1990s"), ("1801/1900", "the nineteenth century"), ("1801/1900", "the 19th century"), ("1997-11", "nov. 1997"), ("1989-23", "fall of 1989"),
    ("1993-10-11/1993-10-13", "october 11-13, 1993"), ("1993-10-13", "13.10.1993"), ("1992-07-02", "second of july 1992"),
])
def test_date_parts_are_found(date, text):
    assert passages.missing_date_parts(date, text) == []


@pytest.mark.parametrize(("date", "text"), [
    ("1994", "in 1992-93"), ("1985", "in the 1980s"), ("1994", "in the mid-1990s"), ("1850", "the 19th century"), ("1997-11-03", "1-2 november 1997"), ("1997-03", "he marched in 1997"),
])
def test_date_parts_that_are_not_there_are_missed(date, text):
    assert passages.missing_date_parts(date, text)
