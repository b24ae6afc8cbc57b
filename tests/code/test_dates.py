"""Dates: what is accepted, the days they span, and the words they have, held against the edtf library."""

import datetime
import random

import pytest

from scripts import dates


def test_fast_path_agrees_with_the_library_on_plain_dates_and_intervals():
    chance = random.Random(1855)
    days = [datetime.date(1855, 1, 1) + datetime.timedelta(days=chance.randrange(62_000)) for _ in range(120)]
    plain = [f"{day:{form}}" for day in days for form in ("%Y", "%Y-%m", "%Y-%m-%d")]
    pairs = [sorted(chance.sample(days, 2)) for _ in range(60)]
    intervals = [f"{one}/{two}" for one, two in pairs] + [f"{one}/.." for one, _ in pairs] + [f"../{one}" for one, _ in pairs]
    for text in [*plain, *intervals, "2000-02", "1900-02", "1996-02-29"]:
        assert dates.bounds(text) == dates.library_bounds(text), text


@pytest.mark.parametrize(("text", "span"), {
    "1989-21": ("1989-03-01", "1989-05-31"),
    "1989-23": ("1989-09-01", "1989-11-30"),
    "1989-24": ("1989-12-01", "1990-02-28"),
    "1995-24": ("1995-12-01", "1996-02-29"),
    "1993-09~": ("1993-09-01", "1993-09-30"),
    "1993?": ("1993-01-01", "1993-12-31"),
    "1993-09-05%": ("1993-09-05", "1993-09-05"),
    "../1996-11": (None, "1996-11-30"),
    "1991-12/..": ("1991-12-01", None),
    "1989-24/1990-21": ("1989-12-01", "1990-05-31"),
}.items())
def test_vague_dates_span_what_the_data_model_says(text, span):
    assert dates.bounds(text) == span


@pytest.mark.parametrize(("text", "message"), {
    "1997-13": "the month is 13",
    "1997-00": "the month is 0",
    "1997-02-30": "day is out of range",
    "1997-20": "the month is 20",
    "1989-21-05": "the month is 21",
    "1985/": "unknown end",
    "/1985": "unknown end",
    "../..": "open at both ends",
    "1999/1998": "ends before it begins",
    "1992-09/1992": "ends before it begins",
    "1998-05-02/1998-05-01": "ends before it begins",
    "1997/1998/1999": "one slash",
    "1997-11-02T10:00": "no EDTF date",
    "{1997,1998}": "no EDTF date",
    "１９９７": "no EDTF date",
    "1997-1-2": "no EDTF date",
    "about 1997": "no EDTF date",
}.items())
def test_what_is_no_date_is_told_what_would_be(text, message):
    with pytest.raises(ValueError, match=message):
        dates.bounds(text)


@pytest.mark.parametrize(("text", "words"), {
    "1997-11-01/1997-11-02": "1-2 November 1997",
    "1997-10-31/1997-11-02": "31 October to 2 November 1997",
    "1997-10/1997-11": "October to November 1997",
    "1997/1998-02": "1997 to February 1998",
    "1989-21": "spring 1989",
    "1993-09~": "about September 1993",
    "../1996-11": "by November 1996",
    "1991-12/..": "since December 1991",
    "1855-02-07": "7 February 1855",
}.items())
def test_dates_in_words(text, words):
    assert dates.in_words(text) == words


@pytest.mark.parametrize("text", ["1997", "1997-11", "1997-11-02", "1997-11-02/1997-11-05", "1950/1959", "1988-12/1989-05", "../1996-11", "1991-12/.."])
def test_bounds_are_written_as_the_shortest_date(text):
    assert dates.as_edtf(*dates.bounds(text)) == text
