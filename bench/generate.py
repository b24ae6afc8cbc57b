"""Make a valid package of many rows, with our own schemas: every foreign key kept, every record with evidence."""

import csv
import datetime
import random
import shutil
from pathlib import Path

from scripts.package import Package

MEETINGS_SHARE = 0.08


def generate(root: Path, target: Path, rows: int, seed: int = 1855) -> int:
    """Write a package of about `rows` rows into `target`, from the schemas in `root`; returns the number of rows."""
    chance = random.Random(seed)
    shutil.rmtree(target, ignore_errors=True)
    (target / "tables").mkdir(parents=True)
    shutil.copy(root / "datapackage.json", target)
    shutil.copytree(root / "schemas", target / "schemas")
    shutil.copy(root / "tables" / "terms.csv", target / "tables")
    package = Package(target)
    tables = _tables(chance, max(20, int(rows * MEETINGS_SHARE)))
    total = 0
    for name, table in package.tables.items():
        if name == "terms":
            continue
        with open(target / table.path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, table.columns, lineterminator="\n", restval="")
            writer.writeheader()
            for row in tables.get(name, ()):
                writer.writerow(row)
                total += 1
    return total


def _tables(chance: random.Random, meetings: int) -> dict[str, list[dict]]:
    width = len(str(meetings * 3))
    first = datetime.date(1855, 1, 1)

    def number(prefix: str, at: int) -> str:
        return f"{prefix}-{at:0{width}}"

    def day() -> str:
        return (first + datetime.timedelta(days=chance.randrange(62_000))).isoformat()

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    people = [number("person", at) for at in range(meetings // 5 or 1)]
    places = [number("place", at) for at in range(200)]
    tables: dict[str, list[dict]] = {
        "parties": [{"id": "japan", "name": "Japan"}, {"id": "russia", "name": "Russia"}],
        "offices": [{"id": "official", "title": "Official", "rank": "official"}],
        "people": [
            {"id": person, "name": f"Given {person.title()}", "family_name": person.title(), "given_name": "Given",
             "party_id": chance.choice(["japan", "russia"])} for person in people
        ],
        "tenures": [{"id": f"{person}.tenure-1", "person_id": person, "office_id": "official"} for person in people],
        "places": [{"id": place, "name": place.title(), "kind": "city", "disputed": "false"} for place in places],
        "sources": [
            {"id": "text", "title": "A text", "citation": "A text", "consulted": "true", "curated": "none"},
        ],
    }
    for name in ("meetings", "participants", "agreements", "points", "events", "links", "series", "figures", "names"):
        tables[name] = []
    for at in range(meetings):
        meeting = number("meeting", at)
        tables["meetings"].append({
            "id": meeting, "title": f"Meeting {at} {words(3)}", "date": day(), "place_id": chance.choice(places),
            "level": "officials", "status": "held", "host_id": "japan", "summary": words(20), "outcome": words(8),
        })
        for seat, person in enumerate(chance.sample(people, min(2, len(people))), 1):
            tables["participants"].append({
                "id": f"{meeting}.participant-{seat}", "meeting_id": meeting, "person_id": person,
                "tenure_id": f"{person}.tenure-1", "role": "principal",
            })
        agreement = number("agreement", at)
        tables["agreements"].append({
            "id": agreement, "title": f"Agreement {at} {words(3)}", "kind": "treaty", "meeting_id": meeting, "summary": words(15),
        })
        for ordinal in (1, 2):
            tables["points"].append({
                "id": f"{agreement}.point-{ordinal}", "record_id": agreement, "ordinal": ordinal, "topic": "trade",
                "text": words(10),
            })
        tables["events"].append({
            "id": number("event", at), "title": f"Event {at} {words(3)}", "date": day(), "kind": "speech",
            "person_id": chance.choice(people), "summary": words(15),
        })
        if at:
            tables["links"].append({
                "id": f"{agreement}.link-1", "from_id": agreement, "relation": "refers-to",
                "to_id": number("agreement", chance.randrange(at)),
            })
        if at % 50 == 0:
            tables["series"].append({
                "id": number("series", at), "title": f"Series {at}", "measure": "exports", "unit": "usd", "frequency": "annual",
                "definition": words(6),
            })
            tables["figures"] += [
                {"id": f"{number('series', at)}.figure-{place}", "series_id": number("series", at), "date": str(1950 + place),
                 "value": f"{chance.uniform(1, 9999):.1f}", "multiplier": 1_000_000, "qualifier": "exact"}
                for place in range(1, 51)
            ]
    evidenced = ("agreements", "events", "meetings", "people", "places")
    tables["evidence"] = [
        {"id": f"{row['id']}.evidence-1", "record_id": row["id"], "source_id": "text", "locator": f"p. {chance.randrange(900)}",
         "stance": "supports", "states": words(3)}
        for name in evidenced for row in tables[name]
    ]
    return tables


WORDS = (
    "talks treaty islands border trade fishery minister visit summit plan offer channel envoy declaration statement peace "
    "economy security energy loan growth exports imports dispute ruling passage evidence record northern southern"
).split()
