"""The network of agreements and proposals: what reaffirms, carries out, replaces or denies what."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

CENTRAL = 12  # documents shown at first: those with most links
ROW = 30  # the height of a document's row
REACH = 175  # how far an arc goes to the left of the line of documents at most
WIDTH = 720  # beside the arcs
LABEL = 80  # characters at most

# What a link does to the document that it names: the shape of its arc.
UPHOLDS = {"reaffirms", "implements", "builds-on", "confirms", "applies"}
UNDOES = {"supersedes", "repudiates", "renounces", "contradicts", "hindered"}
# What an event or a meeting does that belongs to the story of the central documents.
ACTS = {"confirms", "renounces"}
# A link that tells two records apart ties no documents together.
LINKS_SQL = """SELECT l.id, l.from_id, l.to_id, l.relation, t.label, l.note
  FROM links l JOIN terms t ON t.id = l.relation JOIN records a ON a.id = l.from_id JOIN records b ON b.id = l.to_id
  WHERE l.relation <> 'distinct-from' AND b.table_name IN ('agreements', 'proposals') AND (
    a.table_name IN ('agreements', 'proposals') OR a.table_name IN ('events', 'meetings') AND l.relation <> 'refers-to'
  )"""
DATED = " UNION ALL ".join(
    f"SELECT id, '{table}' AS table_name, title, date, date_earliest, date_latest, {kind} AS kind, status FROM {table} "
    for table, kind in (("agreements", "kind"), ("proposals", "NULL"), ("events", "kind"), ("meetings", "level"))
)


@dataclass(frozen=True)
class State:
    """Which documents are shown: the central ones, all, or one with those that it is linked to."""

    all: bool = False
    around: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "State":
        return cls(arguments.get("all") == "1", arguments.get("around", ""))


@dataclass
class Node:
    """A document, or an act upon documents, in its row of the picture."""

    row: dict
    y: int
    links: int  # to and from it, in the whole network
    undrawn: int  # of these

    @property
    def label(self) -> str:
        title = self.row["title"]
        return title if len(title) <= LABEL else title[: LABEL - 1].rstrip() + "…"

    @property
    def year(self) -> str:
        return (self.row["date_earliest"] or self.row["date_latest"] or "")[:4]


@dataclass
class Arc:
    """A link drawn from a document to the one that it names."""

    link: dict
    start: int
    end: int

    @property
    def family(self) -> str:
        relation = self.link["relation"]
        return "upholds" if relation in UPHOLDS else "undoes" if relation in UNDOES else "other"

    @property
    def path(self) -> str:
        """Half an ellipse to the left of the line: the farther the documents, the wider, as far as there is room."""
        half = abs(self.end - self.start) / 2
        clear = 3.5 if self.end > self.start else -3.5  # the arrow ends at the mark's rim
        return f"M-7 {self.start}A{self.across} {half} 0 0 {int(self.start > self.end)} -8 {self.end - clear:g}"

    @property
    def across(self) -> float:
        """How far it goes to the left."""
        return round(min(REACH, 14 + abs(self.end - self.start) * 0.16), 1)


def read(connection: sqlite3.Connection, state: State) -> dict:
    """What the page shows in a state."""
    links = [dict(row) for row in connection.execute(LINKS_SQL)]
    documents = {row["id"]: dict(row) for row in connection.execute(
        f"SELECT * FROM ({DATED}) WHERE id IN (SELECT id FROM records WHERE table_name IN ('agreements', 'proposals')) "
        "OR id IN (SELECT from_id FROM links)"
    )}
    counts = count(links)
    shown = choose(state, documents, links, counts)
    within = [link for link in links if link["from_id"] in shown and link["to_id"] in shown]
    nodes = lay_out([documents[identifier] for identifier in shown], counts, count(within))
    heights = {node.row["id"]: node.y for node in nodes}
    arcs = [Arc(link, heights[link["from_id"]], heights[link["to_id"]]) for link in within]
    return {
        "nodes": nodes,
        "arcs": arcs,
        "height": len(nodes) * ROW + 20,
        "axis": 20 + max((arc.across for arc in arcs), default=0),
        "width": WIDTH,
        "documents": documents,
        "from_it": grouped(links, "from_id"),
        "to_it": grouped(links, "to_id"),
        "total": sum(row["table_name"] in ("agreements", "proposals") for row in documents.values()),
    }


def count(links: list[dict]) -> Counter:
    """How many links each record has, from it or to it."""
    return Counter(end for link in links for end in (link["from_id"], link["to_id"]))


def grouped(links: list[dict], end: str) -> dict[str, list[dict]]:
    """The links of each record at one of their ends."""
    found: dict[str, list[dict]] = {}
    for link in links:
        found.setdefault(link[end], []).append(link)
    return found


def choose(state: State, documents: dict[str, dict], links: list[dict], counts: Counter) -> set[str]:
    """The ids that a state shows; with the central documents, the acts that confirm or deny them."""
    texts = {identifier for identifier, row in documents.items() if row["table_name"] in ("agreements", "proposals")}
    if state.around:
        ends = [(link["from_id"], link["to_id"]) for link in links]
        return {state.around} & documents.keys() | {end for pair in ends if state.around in pair for end in pair}
    if state.all:
        return texts | counts.keys()
    told = [link for link in links if link["from_id"] in texts or link["relation"] in ACTS]
    ranks = count(told)
    near: Counter = Counter()  # of texts with as many links, those come first that are linked to others with many
    for link in told:
        near.update({link["from_id"]: ranks[link["to_id"]], link["to_id"]: ranks[link["from_id"]]})
    central = set(sorted(texts, key=lambda identifier: (-ranks[identifier], -near[identifier], identifier))[:CENTRAL])
    return central | {link["from_id"] for link in told if link["to_id"] in central and link["from_id"] not in texts}


def lay_out(rows: list[dict], counts: Counter, drawn: Counter) -> list[Node]:
    """Documents down the page by date; those without one last."""
    rows = sorted(rows, key=lambda row: (row["date_earliest"] or row["date_latest"] or "9", row["title"]))
    return [
        Node(row, 20 + index * ROW, counts[row["id"]], counts[row["id"]] - drawn[row["id"]])
        for index, row in enumerate(rows)
    ]
