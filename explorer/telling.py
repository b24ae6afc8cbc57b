"""What the pages of tactics, envoys and disagreements, and the front page, tell."""

import sqlite3
from collections import Counter, defaultdict
from types import SimpleNamespace

from . import records, searching

PAGE = 25


def front(connection: sqlite3.Connection) -> SimpleNamespace:
    """The figures of the front page that are no counts of tables."""
    passages, read = connection.execute(
        "SELECT count(DISTINCT passage), count(DISTINCT source_id) FROM evidence WHERE passage IS NOT NULL"
    ).fetchone()
    still_open = connection.execute("SELECT count(*) FROM disagreements WHERE status = 'open'").fetchone()[0]
    return SimpleNamespace(passages=passages, read=read, open=still_open)


TACTICS = """
SELECT t.*, r.contested FROM tactics t JOIN records r ON r.id = t.id ORDER BY t.name"""
USES = """
SELECT u.id, u.tactic_id, u.party_id, u.date, u.date_earliest, u.date_latest, u.summary, u.verdict, u.record_id,
  r.contested, p.name AS party, w.label AS record, w.table_name AS record_table
FROM tactic_uses u JOIN records r ON r.id = u.id LEFT JOIN parties p ON p.id = u.party_id
LEFT JOIN records w ON w.id = u.record_id
ORDER BY u.date_earliest IS NULL, u.date_earliest, u.id"""


def tactics(connection: sqlite3.Connection, chosen: dict[str, str]) -> SimpleNamespace:
    """The tactics as a tree, each with its uses; only those uses and tactics that the choice lets through."""
    uses = defaultdict(list)
    parties = {}
    for row in connection.execute(USES):
        if row["party_id"]:
            parties[row["party_id"]] = row["party"]
        if chosen["verdict"] in ("", row["verdict"] or "none") and chosen["party"] in ("", row["party_id"]):
            uses[row["tactic_id"]].append(SimpleNamespace(**row, when=records.when(row)))
    children = defaultdict(list)
    for row in connection.execute(TACTICS):
        used = uses[row["id"]]
        tally = Counter(use.verdict for use in used).most_common()
        children[row["parent_id"]].append(SimpleNamespace(**row, uses=used, tally=tally))

    def tree(parent: str | None, depth: int) -> list[SimpleNamespace]:
        """The tactics under a parent that are let through or have one under them that is, each after its parent."""
        found = []
        for tactic in children.pop(parent, []):
            below = tree(tactic.id, depth + 1)
            wanted = not any(chosen.values()) or tactic.uses
            wanted = wanted or (not chosen["party"] and chosen["verdict"] == (tactic.verdict or "none"))
            if wanted or below:
                tactic.depth = depth
                found += [tactic, *below]
        return found

    found = tree(None, 0)
    return SimpleNamespace(tactics=found, parties=sorted(parties.items()))


ENVOYS = """
SELECT e.*, r.label, r.contested FROM envoys e JOIN records r ON r.id = e.id
ORDER BY e.date_earliest IS NULL AND e.date_latest IS NULL, coalesce(e.date_earliest, e.date_latest), e.id"""
WHO = (
    "principal_id", "principal_organisation_id", "message_from_id", "person_id", "counterpart_id",
    "place_id", "meeting_id",
)


def envoys(connection: sqlite3.Connection, chosen: dict[str, str]) -> SimpleNamespace:
    """The missions by decade, with the entries of all whom they name."""
    periods = defaultdict(list)
    every = [SimpleNamespace(**row, when=records.when(row)) for row in connection.execute(ENVOYS)]
    for mission in every:
        people = {getattr(mission, column) for column in WHO}
        wanted = (
            chosen["kind"] in ("", mission.kind) and chosen["verdict"] in ("", mission.verdict or "none")
            and chosen["party"] in ("", mission.party_id) and (not chosen["person"] or chosen["person"] in people)
        )
        if wanted:
            day = mission.date_earliest or mission.date_latest
            periods[f"The {day[:3]}0s" if day else "Undated"].append(mission)
    named = {getattr(mission, column) for mission in every for column in (*WHO, "party_id")} - {None}
    entries = records.entries(connection, named)
    by_label = sorted(entries.values(), key=lambda entry: entry.label)
    choices = {
        table: [(entry.id, entry.label) for entry in by_label if entry.table == table]
        for table in ("people", "parties")
    }
    return SimpleNamespace(periods=periods, entries=entries, count=len(every), **choices)


DISAGREEMENTS = """
FROM disagreements d JOIN records r ON r.id = d.record_id
WHERE (:type = '' OR r.table_name = :type) AND (:status = '' OR d.status = :status) AND (:kind = '' OR d.kind = :kind)
  AND (:source = '' OR d.id IN (SELECT disagreement_id FROM evidence WHERE source_id = :source))
  AND (:q = '' OR d.id IN ({0}) OR substr(d.record_id, 1, instr(d.record_id || '.', '.') - 1) IN ({0}))""".format(
    "SELECT t.id FROM search JOIN search_texts t ON t.rowid = search.rowid WHERE search MATCH :match"
)


def disagreements(connection: sqlite3.Connection, chosen: dict[str, str], number: int) -> SimpleNamespace:
    """One page of the disagreements that the choice lets through, and what there is to choose from. Words are looked for
    in a disagreement and in the record that it is about."""
    wanted = chosen | {"match": (searching.expressions(chosen["q"][:200]) or ['""'])[0]}
    total = connection.execute(f"SELECT count(*) {DISAGREEMENTS}", wanted).fetchone()[0]
    bounds = wanted | {"limit": PAGE, "offset": (number - 1) * PAGE}
    sql = f"SELECT d.id {DISAGREEMENTS} ORDER BY d.id LIMIT :limit OFFSET :offset"
    ids = [row[0] for row in connection.execute(sql, bounds)]
    found = records.disagreements(connection, "d.id", ids)
    named = {d.record_id for d in found} | {said.claimant_id for d in found for said in d.evidence} - {None}
    types = connection.execute(
        "SELECT r.table_name, count(*) FROM disagreements d JOIN records r ON r.id = d.record_id GROUP BY 1 ORDER BY 1"
    ).fetchall()
    sources = connection.execute(
        "SELECT s.id, s.title, s.authors, s.date, count(DISTINCT e.disagreement_id) FROM evidence e "
        "JOIN sources s ON s.id = e.source_id WHERE e.disagreement_id IS NOT NULL GROUP BY s.id ORDER BY s.id"
    ).fetchall()
    return SimpleNamespace(
        total=total, found=found, entries=records.entries(connection, named), more=total > number * PAGE, types=types,
        sources=[(row[0], records.short(row[1], row[2], row[3]), row[4]) for row in sources],
    )
