"""Polls: the shares of each answer as bars, by question."""

import sqlite3
from itertools import groupby

from . import sources
from .figures import SIGNS, number

SQL = """SELECT a.id, a.poll_id, a.question, a.answer, a.percent, a.qualifier,
    p.title, p.pollster, p.date, p.date_earliest, p.population,
    (SELECT group_concat(d.id || ' ' || d.status, '|') FROM disagreements d WHERE d.record_id = a.id) AS disputes
  FROM polls p JOIN poll_answers a ON a.poll_id = p.id
  ORDER BY a.question, p.date_earliest, p.id, a.id"""


def read(connection: sqlite3.Connection) -> dict:
    """What the page shows: for each question, each poll that asked it, with its answers."""
    own = sources.supporting(connection, "poll_answers")
    of_poll = sources.supporting(connection, "polls")
    questions = []
    for question, rows in groupby(map(dict, connection.execute(SQL)), lambda row: row["question"]):
        rows = list(rows)
        for row in rows:
            said = own.get(row["id"], [])
            row["words"] = share(row, [state for source in said for state in source["states"]])
            row["sources"] = said or of_poll.get(row["poll_id"], [])
            row["disputes"] = [dispute.split(" ") for dispute in (row["disputes"] or "").split("|") if dispute]
        polls = [list(group) for _, group in groupby(rows, lambda row: row["poll_id"])]
        questions.append((question, polls))
    return {"questions": sorted(questions, key=lambda item: item[1][0][0]["date_earliest"] or "9")}


def share(row: dict, states: list[str]) -> str:
    """The share as the source has it: a number with its sign, or what the evidence of the answer states in words."""
    if row["percent"] is None:
        return "; ".join(states) or "no number told"
    return f"{SIGNS.get(row['qualifier'], '')}{number(row['percent'])}%"
