"""Each check that a schema cannot express, with a bad fixture that must fail with its message and its place."""

import pytest

from ..conftest import ROOT

# name: (how the tiny package is spoilt, table, id of the row at fault, column, part of the message)
BAD = {
    "unevidenced record": (lambda t: t.remove("evidence", "slogan.evidence-1"), "concepts", "slogan", "id", "has no evidence"),
    "evidence names no column": (
        lambda t: t.set("evidence", "slogan.evidence-1", field="colour"),
        "evidence", "slogan.evidence-1", "field", "is no column of concepts"),
    "disagreement names no column": (
        lambda t: t.set("disagreements", "exports.figure-1.disagreement-1", field="colour"),
        "disagreements", "exports.figure-1.disagreement-1", "field", "is no column of figures"),
    "no passage of a text": (
        lambda t: t.set("evidence", "slogan.evidence-1", passage=""),
        "evidence", "slogan.evidence-1", "passage", "name the paragraph"),
    "passage of a work without a text": (
        lambda t: t.set("evidence", "kunashiri.evidence-1", passage="0123456789ab"),
        "evidence", "kunashiri.evidence-1", "passage", "is no text with passages"),
    "evidence from a work not read": (
        lambda t: t.set("evidence", "kunashiri.evidence-1", source_id="work"),
        "evidence", "kunashiri.evidence-1", "source_id", "was not consulted"),
    "neither passage nor locator": (
        lambda t: t.set("evidence", "kunashiri.evidence-1", locator=""),
        "evidence", "kunashiri.evidence-1", "locator", "is required where there is no passage"),
    "dispute without disagreement": (
        lambda t: t.set("evidence", "exports.figure-1.evidence-2", disagreement_id=""),
        "evidence", "exports.figure-1.evidence-2", "disagreement_id", "is required where the stance is disputes"),
    "dispute without what is stated": (
        lambda t: t.set("evidence", "exports.figure-1.evidence-2", states=""),
        "evidence", "exports.figure-1.evidence-2", "states", "is required where the stance is disputes"),
    "dispute about another record": (
        lambda t: t.set("evidence", "slogan.evidence-1", disagreement_id="exports.figure-1.disagreement-1"),
        "evidence", "slogan.evidence-1", "disagreement_id", "the evidence is on slogan"),
    "dispute about another column": (
        lambda t: t.set("evidence", "exports.figure-1.evidence-2", field="date"),
        "evidence", "exports.figure-1.evidence-2", "disagreement_id", "the evidence is on exports.figure-1, date"),
    "disagreement nobody disputes": (
        lambda t: t.remove("evidence", "exports.figure-1.evidence-2"),
        "disagreements", "exports.figure-1.disagreement-1", "id", "has no evidence that disputes"),
    "ruled without basis": (
        lambda t: t.set("disagreements", "exports.figure-1.disagreement-1", status="ruled", ruling="176.3"),
        "disagreements", "exports.figure-1.disagreement-1", "ruling", "needs ruling and basis"),
    "open with a ruling": (
        lambda t: t.set("disagreements", "exports.figure-1.disagreement-1", ruling="176.3"),
        "disagreements", "exports.figure-1.disagreement-1", "ruling", "has no ruling and no basis"),
    "cited place without a cited work": (
        lambda t: t.set("evidence", "slogan.evidence-1", cites_locator="p. 3"),
        "evidence", "slogan.evidence-1", "cites_id", "name the work cited"),
    "tenure does not cover the meeting": (
        lambda t: t.set("tenures", "yeltsin.tenure-1", date="1991/1996"),
        "participants", "krasnoyarsk-1997.participant-2", "tenure_id", "does not cover the meeting"),
    "tenure of another person": (
        lambda t: t.set("participants", "krasnoyarsk-1997.participant-2", tenure_id="hashimoto.tenure-1"),
        "participants", "krasnoyarsk-1997.participant-2", "tenure_id", "is another person's tenure"),
    "office of the other side": (
        lambda t: t.set("participants", "krasnoyarsk-1997.participant-2", party_id="japan"),
        "participants", "krasnoyarsk-1997.participant-2", "party_id", "differs from the party of the office"),
    "participant without person and body": (
        lambda t: t.set("participants", "krasnoyarsk-1997.participant-2", person_id="", tenure_id=""),
        "participants", "krasnoyarsk-1997.participant-2", "person_id", "exactly one of person_id and organisation_id"),
    "participant both person and body": (
        lambda t: t.set("participants", "krasnoyarsk-1997.participant-2", organisation_id="gaimusho"),
        "participants", "krasnoyarsk-1997.participant-2", "person_id", "exactly one of person_id and organisation_id"),
    "participant twice": (
        lambda t: t.add("participants", id="krasnoyarsk-1997.participant-3", meeting_id="krasnoyarsk-1997",
                        person_id="yeltsin", party_id="russia", role="member"),
        "participants", "krasnoyarsk-1997.participant-3", "person_id", "stands at this meeting already"),
    "summit without a leader": (
        lambda t: t.set("participants", "krasnoyarsk-1997.participant-2", tenure_id=""),
        "meetings", "krasnoyarsk-1997", "level", "no participant of russia holds an office of leader's rank"),
    "ratified before signed": (
        lambda t: t.set("agreements", "plan-1997", ratified="1996"),
        "agreements", "plan-1997", "ratified", "is before the date"),
    "in force before signed": (
        lambda t: t.set("agreements", "plan-1997", in_force="1995/1996"),
        "agreements", "plan-1997", "in_force", "begins before the date"),
    "agreement off its meeting": (
        lambda t: t.set("agreements", "plan-1997", date="1997-11-03"),
        "agreements", "plan-1997", "date", "does not overlap the meeting's"),
    "proposal off its meeting": (
        lambda t: t.set("proposals", "offer-1997", date="1999"),
        "proposals", "offer-1997", "date", "does not overlap the meeting's"),
    "link between the wrong tables": (
        lambda t: t.set("links", "sato-1997.link-1", relation="reaffirms"),
        "links", "sato-1997.link-1", "relation", "may join agreements proposals concepts"),
    "distinct from another kind": (
        lambda t: t.set("links", "sato-1997.link-1", relation="distinct-from", note="They differ."),
        "links", "sato-1997.link-1", "relation", "may join any to like"),
    "distinct without a note": (
        lambda t: t.set("links", "sato-1997.link-1", relation="distinct-from"),
        "links", "sato-1997.link-1", "note", "needs a note"),
    "reaffirms a later text": (
        lambda t: (t.remove("links", "plan-1997.link-1"),
                   t.add("links", id="tokyo-declaration-1993.link-1", from_id="tokyo-declaration-1993",
                         relation="reaffirms", to_id="plan-1997")),
        "links", "tokyo-declaration-1993.link-1", "to_id", "is later than tokyo-declaration-1993"),
    "prepared what was over": (
        lambda t: t.set("envoys", "sato-1997", date="1998"),
        "links", "sato-1997.link-1", "to_id", "was over before sato-1997 began"),
    "link twice": (
        lambda t: t.add("links", id="plan-1997.link-2", from_id="plan-1997", relation="builds-on",
                        to_id="tokyo-declaration-1993"),
        "links", "plan-1997.link-2", "to_id", "already; remove one"),
    "link to itself": (
        lambda t: t.set("links", "plan-1997.link-1", to_id="plan-1997"),
        "links", "plan-1997.link-1", "to_id", "cannot be linked to itself"),
    "held meeting made up for": (
        lambda t: (t.add("meetings", id="later", title="Later", level="officials", status="held"),
                   t.add("evidence", id="later.evidence-1", record_id="later", source_id="text", locator="1",
                         stance="supports", passage=t.read("evidence")[1]["passage"]),
                   t.add("links", id="krasnoyarsk-1997.link-1", from_id="krasnoyarsk-1997", relation="rescheduled-as",
                         to_id="later")),
        "meetings", "krasnoyarsk-1997", "status", "another meeting was held in its place"),
    "part of a later meeting": (
        lambda t: (t.add("meetings", id="later", title="Later", date="1999", status="planned"),
                   t.add("evidence", id="later.evidence-1", record_id="later", source_id="gazetteer", locator="1",
                         stance="supports"),
                   t.add("links", id="krasnoyarsk-1997.link-1", from_id="krasnoyarsk-1997", relation="part-of", to_id="later")),
        "links", "krasnoyarsk-1997.link-1", "to_id", "does not overlap krasnoyarsk-1997"),
    "circle of tactics": (
        lambda t: t.set("tactics", "talks", parent_id="sauna"), "tactics", "talks", "parent_id", "leads back to itself"),
    "circle of parties": (
        lambda t: t.set("parties", "russia", successor_id="soviet-union"),
        "parties", "russia", "successor_id", "leads back to itself"),
    "gap in points": (
        lambda t: t.set("points", "plan-1997.point-2", ordinal="3"),
        "points", "plan-1997.point-2", "ordinal", "numbered from 1 without gaps"),
    "disputed island elsewhere": (
        lambda t: t.set("places", "kunashiri", latitude="35.1"), "places", "kunashiri", "latitude", "is not where the disputed"),
    "coordinates of another place": (
        lambda t: t.set("evidence", "kunashiri.evidence-1", field="latitude", states="43.8, 146.75"),
        "places", "kunashiri", "latitude", "is not what gazetteer states"),
    "place outside its party": (
        lambda t: t.set("places", "krasnoyarsk", latitude="56", longitude="-92.8", gazetteer_id="gazetteer"),
        "places", "krasnoyarsk", "latitude", "is outside russia"),
    "exports below zero": (
        lambda t: t.set("figures", "exports.figure-1", value="-176.3"),
        "figures", "exports.figure-1", "value", "is below zero"),
    "series without figures": (
        lambda t: t.add("series", **{**t.read("series")[0], "id": "imports"}), "series", "imports", "id", "has no figure"),
    "signed by nobody": (
        lambda t: t.set("agreements", "tokyo-declaration-1993", status="signed"),
        "agreements", "tokyo-declaration-1993", "status", "say who signed"),
    "coordinates without a gazetteer": (
        lambda t: t.set("places", "kunashiri", gazetteer_id=""), "places", "kunashiri", "latitude", "gazetteer_id together"),
    "two figures for a date": (
        lambda t: t.add("figures", id="exports.figure-2", series_id="exports", date="1991", value="167.3",
                        multiplier="1000000", qualifier="exact"),
        "figures", "exports.figure-2", "date", "another source's value is a dispute"),
    "answer twice": (
        lambda t: t.add("poll_answers", id="poll-1988.answer-2", poll_id="poll-1988", question="Is it so?", answer="yes",
                        percent="31"),
        "poll_answers", "poll-1988.answer-2", "answer", "stands already under this question"),
    "cited and read": (
        lambda t: t.set("readings", "text.reading-2", passage=t.read("evidence")[0]["passage"]),
        "readings", "text.reading-2", "passage", "too; remove the reading"),
    "read twice": (
        lambda t: t.set("readings", "text.reading-2", passage=t.read("readings")[0]["passage"]),
        "readings", "text.reading-2", "passage", "is listed as read already"),
    "curated text without a digest": (
        lambda t: t.set("sources", "gazetteer", curated="partial"), "sources", "gazetteer", "sha256", "has the SHA-256"),
    "curated and not consulted": (
        lambda t: t.set("sources", "work", curated="partial"), "sources", "work", "consulted", "must have been consulted"),
    "spelling twice": (
        lambda t: t.add("names", id="hashimoto.name-2", record_id="hashimoto", name="Hashimotto", kind="variant-spelling"),
        "names", "hashimoto.name-2", "name", "already; remove one"),
    "relation without its ends": (
        lambda t: t.set("terms", "reaffirms", to_tables=""), "terms", "reaffirms", "from_tables", "fill both columns"),
    "ends without a relation": (
        lambda t: t.set("terms", "treaty", from_tables="any", to_tables="any"),
        "terms", "treaty", "from_tables", "empty both columns"),
    "unknown code": (
        lambda t: t.set("meetings", "krasnoyarsk-1997", status="helt"), "meetings", "krasnoyarsk-1997", "status",
        "is no code of tables/terms.csv"),
    "code of another vocabulary": (
        lambda t: t.set("meetings", "krasnoyarsk-1997", status="rejected"), "meetings", "krasnoyarsk-1997", "status",
        "is a code of proposal-status"),
    "hanging id under another record": (
        lambda t: t.set("points", "plan-1997.point-2", record_id="slogan"), "points", "plan-1997.point-2", "id",
        "must be slogan.point-"),
    "signatory without anybody": (
        lambda t: t.set("signatories", "plan-1997.signatory-1", party_id="", person_id=""),
        "signatories", "plan-1997.signatory-1", "party_id", "say who signed"),
    "proposer without anybody": (
        lambda t: t.set("proposers", "offer-1997.proposer-1", party_id="", person_id=""),
        "proposers", "offer-1997.proposer-1", "party_id", "say who made the proposal"),
    "id used twice": (
        lambda t: t.set("events", "arrival-1996", id="slogan"), "events", "slogan", "id", "ids are unique in the whole package"),
    **{
        f"dangling {table}.{column}": (
            lambda t, table=table, row=row, column=column: t.set(table, row, **{column: "nobody"}),
            table, row, column, "is not the id of")
        for table, row, column in [
            ("people", "sato", "party_id"), ("meetings", "krasnoyarsk-1997", "place_id"), ("envoys", "sato-1997", "person_id"),
            ("tactic_uses", "sauna-1997", "record_id"), ("tactic_uses", "sauna-1997", "tactic_id"),
            ("links", "plan-1997.link-1", "to_id"), ("evidence", "slogan.evidence-1", "source_id"),
            ("evidence", "slogan.evidence-1", "cites_id"), ("evidence", "slogan.evidence-1", "claimant_id"),
            ("places", "kunashiri", "gazetteer_id"), ("tactics", "sauna", "parent_id"), ("events", "arrival-1996", "person_id"),
        ]
    },
}


# The fixture of each check; the two that only warn have tests of their own below.
CHECKS = {
    "agreement-overlaps-meeting": "agreement off its meeting",
    "capacity-serves-party": "office of the other side",
    "cited-or-read": "cited and read",
    "consulted-texts-have-digests": "curated text without a digest",
    "coordinates-are-the-gazetteers": "coordinates of another place",
    "dates-in-order": "ratified before signed",
    "disagreement-is-disputed": "disagreement nobody disputes",
    "dispute-belongs-to-record": "dispute about another record",
    "disputed-islands-lie-there": "disputed island elsewhere",
    "evidence-field-exists": "evidence names no column",
    "evidence-has-passage": "no passage of a text",
    "hierarchies-have-no-circles": "circle of tactics",
    "likely-duplicates": None,
    "link-stands-once": "link twice",
    "links-join-allowed-tables": "link between the wrong tables",
    "links-lead-forward": "prepared what was over",
    "links-look-back": "reaffirms a later text",
    "negative-figures-are-changes": "exports below zero",
    "one-answer-a-question": "answer twice",
    "one-figure-a-date": "two figures for a date",
    "one-participant-a-meeting": "participant twice",
    "places-lie-with-their-party": "place outside its party",
    "part-lies-within-whole": "part of a later meeting",
    "points-are-numbered": "gap in points",
    "rescheduled-meeting-was-not-held": "held meeting made up for",
    "series-have-figures": "series without figures",
    "shares-add-up": None,
    "signed-texts-have-signatories": "signed by nobody",
    "spelling-stands-once": "spelling twice",
    "summit-has-leaders": "summit without a leader",
    "tenure-covers-meeting": "tenure does not cover the meeting",
    "unevidenced-records": "unevidenced record",
}


def test_the_tiny_package_is_valid(tiny, run):
    outcome = run(tiny.root, "validate", texts=tiny.texts)
    assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize("case", BAD)
def test_bad_row_is_named_with_its_place(case, tiny, run):
    spoil, table, identifier, column, message = BAD[case]
    spoil(tiny)
    outcome = run(tiny.root, "build")
    place = f"tables/{table}.csv:{tiny.line(table, identifier)}:{column}:"
    assert outcome.status == 1
    assert any(line.startswith(place) and message in line for line in outcome.faults), outcome.err
    assert not list((tiny.root / "build").glob("*.db")), "nothing is published"


def test_every_check_has_a_bad_fixture():
    wanted = {path.stem for path in (ROOT / "schemas" / "checks").glob("*.sql")}
    assert wanted == set(CHECKS), "CHECKS names the fixture of every check"
    assert {case for case in CHECKS.values() if case} <= set(BAD)


@pytest.mark.parametrize("check", [check for check, case in CHECKS.items() if case])
def test_check_speaks_in_its_fixture(check, tiny, run):
    BAD[CHECKS[check]][0](tiny)
    assert f"[{check}]" in run(tiny.root, "validate").err


def test_likely_duplicates_are_warned_of_until_told_apart(tiny, run):
    tiny.add("concepts", id="motto", name="Slogan", definition="Another.")
    tiny.add("evidence", **{**tiny.read("evidence")[-1], "id": "motto.evidence-1", "record_id": "motto", "passage": "",
                            "source_id": "gazetteer", "disagreement_id": "", "cites_id": ""})
    outcome = run(tiny.root, "validate")
    assert outcome.status == 0 and "may be the same as motto" in outcome.err
    tiny.add("links", id="motto.link-1", from_id="motto", relation="distinct-from", to_id="slogan", note="Two of them.")
    assert "may be the same" not in run(tiny.root, "validate").err


def test_shares_over_a_hundred_are_warned_of(tiny, run):
    tiny.add("poll_answers", id="poll-1988.answer-2", poll_id="poll-1988", question="Is it so?", answer="no", percent="80",
             qualifier="exact")
    outcome = run(tiny.root, "validate")
    assert outcome.status == 0 and "add up to more than 100" in outcome.err
