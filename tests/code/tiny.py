"""A tiny package: few rows, every table, every rule kept. Tests spoil one thing of it at a time.

`passage` is the number of a paragraph of TEXT; the fixture puts its digest there.
"""

import hashlib

TEXT = """Chapter one

On 1-2 November 1997 Prime Minister Hashimoto (Hashimotto) met President Yeltsin in Krasnoyarsk, who had come in 1996.

They issued the Krasnoyarsk plan on 2 November 1997, which goes back to the Tokyo Declaration of 13 October 1993. Envoy
Sato had carried a letter from Hashimoto to Yeltsin in September 1997.

Japanese exports were 176.3 million dollars in 1991; another table has 167.3 million. Of those asked in 1988, thirty
percent said yes.

Thanks are due to all.
"""

SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()


def _evidence(record: str, passage: str, number: int = 1, **more: str) -> dict[str, str]:
    row = {"id": f"{record}.evidence-{number}", "record_id": record, "source_id": "text", "passage": passage}
    return row | {"locator": "ch. 1", "stance": "supports"} | more


ROWS = {
    "parties": [
        {"id": "japan", "name": "Japan", "adjective": "Japanese"},
        {"id": "russia", "name": "Russia", "adjective": "Russian"},
        {"id": "soviet-union", "name": "Soviet Union", "adjective": "Soviet", "date": "1922/1991", "successor_id": "russia"},
    ],
    "people": [
        {"id": "hashimoto", "name": "Hashimoto Ryutaro", "family_name": "Hashimoto", "party_id": "japan"},
        {"id": "sato", "name": "Sato", "family_name": "Sato", "party_id": "japan"},
        {"id": "yeltsin", "name": "Boris Yeltsin", "family_name": "Yeltsin", "party_id": "russia"},
    ],
    "names": [
        {"id": "hashimoto.name-1", "record_id": "hashimoto", "name": "Hashimotto", "kind": "variant-spelling"},
    ],
    "organisations": [{"id": "gaimusho", "name": "Foreign Ministry", "kind": "ministry", "party_id": "japan"}],
    "offices": [
        {"id": "premier", "title": "Prime Minister", "party_id": "japan", "rank": "leader"},
        {"id": "president", "title": "President", "party_id": "russia", "rank": "leader"},
    ],
    "tenures": [
        {"id": "hashimoto.tenure-1", "person_id": "hashimoto", "office_id": "premier"},
        {"id": "yeltsin.tenure-1", "person_id": "yeltsin", "office_id": "president", "date": "1996/.."},
    ],
    "places": [
        {"id": "krasnoyarsk", "name": "Krasnoyarsk", "party_id": "russia", "kind": "city", "disputed": "false"},
        {"id": "kunashiri", "name": "Kunashiri / Kunashir", "party_id": "russia", "latitude": "44.1", "longitude": "145.85",
         "gazetteer_id": "gazetteer", "kind": "island", "disputed": "true"},
    ],
    "meetings": [
        {"id": "krasnoyarsk-1997", "title": "Krasnoyarsk summit", "date": "1997-11-01/1997-11-02",
         "place_id": "krasnoyarsk", "level": "leaders", "format": "informal", "status": "held", "host_id": "russia"},
    ],
    "participants": [
        {"id": "krasnoyarsk-1997.participant-1", "meeting_id": "krasnoyarsk-1997", "person_id": "hashimoto",
         "party_id": "japan", "tenure_id": "hashimoto.tenure-1", "role": "principal"},
        {"id": "krasnoyarsk-1997.participant-2", "meeting_id": "krasnoyarsk-1997", "person_id": "yeltsin",
         "party_id": "russia", "tenure_id": "yeltsin.tenure-1", "role": "principal"},
    ],
    "agreements": [
        {"id": "plan-1997", "title": "Krasnoyarsk plan", "kind": "plan", "date": "1997-11-02",
         "meeting_id": "krasnoyarsk-1997", "status": "issued"},
        {"id": "tokyo-declaration-1993", "title": "Tokyo Declaration", "kind": "declaration", "date": "1993-10-13",
         "status": "issued"},
    ],
    "signatories": [
        {"id": "plan-1997.signatory-1", "agreement_id": "plan-1997", "party_id": "japan", "person_id": "hashimoto",
         "role": "signatory-role-issued"},
    ],
    "proposals": [
        {"id": "offer-1997", "title": "Offer", "meeting_id": "krasnoyarsk-1997", "summary": "An offer made there."},
    ],
    "proposers": [
        {"id": "offer-1997.proposer-1", "proposal_id": "offer-1997", "party_id": "japan", "person_id": "hashimoto",
         "role": "made"},
    ],
    "concepts": [{"id": "slogan", "name": "Slogan", "party_id": "japan", "kind": "slogan", "definition": "A slogan for the test."}],
    "points": [
        {"id": "plan-1997.point-1", "record_id": "plan-1997", "ordinal": "1", "topic": "trade", "text": "More trade."},
        {"id": "plan-1997.point-2", "record_id": "plan-1997", "ordinal": "2", "topic": "energy", "text": "More oil."},
    ],
    "envoys": [
        {"id": "sato-1997", "person_id": "sato", "kind": "personal-envoy", "principal_id": "hashimoto",
         "message_from_id": "hashimoto", "counterpart_id": "yeltsin", "party_id": "japan", "date": "1997-09",
         "message": "A letter.", "verdict": "effective"},
    ],
    "tactics": [
        {"id": "talks", "name": "Talks", "definition": "Talking."},
        {"id": "sauna", "name": "Sauna", "parent_id": "talks", "definition": "Talking in the sauna."},
    ],
    "tactic_uses": [
        {"id": "sauna-1997", "tactic_id": "sauna", "record_id": "krasnoyarsk-1997", "summary": "A sauna there.",
         "verdict": "effective"},
    ],
    "series": [
        {"id": "exports", "title": "Japanese exports", "measure": "exports", "reporter_id": "japan",
         "partner_id": "russia", "unit": "usd", "frequency": "annual", "definition": "Exports of a year."},
    ],
    "figures": [
        {"id": "exports.figure-1", "series_id": "exports", "date": "1991", "value": "176.3", "multiplier": "1000000",
         "qualifier": "exact"},
    ],
    "polls": [{"id": "poll-1988", "title": "Poll of 1988", "date": "1988", "population": "Adults"}],
    "poll_answers": [
        {"id": "poll-1988.answer-1", "poll_id": "poll-1988", "question": "Is it so?", "answer": "yes", "percent": "30",
         "qualifier": "exact"},
    ],
    "events": [{"id": "arrival-1996", "title": "Arrival", "date": "1996", "kind": "appointment", "person_id": "yeltsin"}],
    "links": [
        {"id": "plan-1997.link-1", "from_id": "plan-1997", "relation": "builds-on", "to_id": "tokyo-declaration-1993"},
        {"id": "sato-1997.link-1", "from_id": "sato-1997", "relation": "prepared", "to_id": "krasnoyarsk-1997"},
    ],
    "sources": [
        {"id": "gazetteer", "title": "A gazetteer", "kind": "gazetteer", "citation": "A gazetteer, 2020",
         "consulted": "true", "curated": "none"},
        {"id": "text", "title": "A text", "kind": "notes", "citation": "A text, undated", "consulted": "true",
         "curated": "complete", "sha256": SHA256},
        {"id": "work", "title": "A work cited", "citation": "A work, 1999", "consulted": "false", "curated": "none"},
    ],
    "evidence": [
        _evidence("hashimoto", "1"), _evidence("yeltsin", "1"), _evidence("sato", "2"), _evidence("gaimusho", "2"),
        _evidence("krasnoyarsk", "1"), _evidence("krasnoyarsk-1997", "1"), _evidence("plan-1997", "2", cites_id="work"),
        _evidence("plan-1997.signatory-1", "1"),
        _evidence("tokyo-declaration-1993", "2"), _evidence("offer-1997", "1"), _evidence("slogan", "1"),
        _evidence("sato-1997", "2"), _evidence("talks", "1"), _evidence("sauna", "1"), _evidence("sauna-1997", "1"),
        _evidence("exports.figure-1", "3", field="value", disagreement_id="exports.figure-1.disagreement-1"),
        _evidence("exports.figure-1", "3", 2, field="value", stance="disputes", states="167.3 million",
                  disagreement_id="exports.figure-1.disagreement-1"),
        _evidence("poll-1988", "3"), _evidence("arrival-1996", "1"),
        _evidence("kunashiri", "", source_id="gazetteer", locator="Kunashiri"),
    ],
    "readings": [
        {"id": "text.reading-1", "source_id": "text", "passage": "0", "reason": "heading"},
        {"id": "text.reading-2", "source_id": "text", "passage": "4", "reason": "method"},
    ],
    "disagreements": [
        {"id": "exports.figure-1.disagreement-1", "record_id": "exports.figure-1", "field": "value",
         "kind": "source-contradicts-itself", "question": "Was it 176.3 or 167.3?", "status": "open"},
    ],
}
