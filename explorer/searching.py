"""Search over everything: words, prefixes, spellings, Japanese, and the nearest names for a typing error."""

import difflib
import sqlite3
import unicodedata
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from .records import Entry

SHOWN, PAGE, FEW = 6, 50, 3
OPEN, CLOSE = "\x02", "\x03"  # stand for <mark> and </mark> until the text is escaped


@dataclass
class Hit:
    """A record found, with the matches marked."""

    entry: Entry
    title: Markup
    passages: list[Markup]


@dataclass
class Found:
    """What a search found: how many of each type, and the best of each."""

    counts: dict[str, int] = field(default_factory=dict)
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    loose: bool = False  # no record has all the words; these have some
    near: list[str] = field(default_factory=list)


class Spellings:
    """The words of all names, to find those near a misspelt one; and the names in Japanese, which have no words."""

    def __init__(self, connection: sqlite3.Connection):
        """Read every name and spelling, once."""
        sql = " UNION ".join(f"SELECT name FROM {table}" for table in ("names", "people", "places", "organisations"))
        words = (word for (name,) in connection.execute(sql) for word in name.split())
        self.words = {fold(word): word.strip("“”\"'(),.;:[]–") for word in words if len(word) > 3}
        sql = "SELECT rowid, title || ' ' || names || ' ' || text FROM search_texts WHERE title || names || text GLOB ?"
        self.japanese = connection.execute(sql, ("*[぀-ヿ㐀-鿿]*",)).fetchall()

    def near(self, text: str) -> list[str]:
        """The words of names that are nearest to the words of a text, the nearest first."""
        found: dict[str, float] = {}
        for word in map(fold, text.split()):
            like = [known for known in self.words if abs(len(known) - len(word)) <= 2 and known != word]
            for match in difflib.get_close_matches(word, like, 5, 0.75):
                found[self.words[match]] = difflib.SequenceMatcher(None, word, match).ratio()
        return sorted(found, key=lambda name: -found[name])[:6]


def fold(text: str) -> str:
    """A text without case and diacritics, as the index has it."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold().strip("“”\"'(),.;:[]–")


def expression(text: str, joined: str = " ") -> str:
    """A text as an FTS5 query: every word must occur, “words in quotes” next to each other, the last may be unfinished."""
    parts = text.replace("“", '"').replace("”", '"').split('"')
    terms = [part for at, part in enumerate(parts) for part in ([part] if at % 2 else part.split())]
    terms = [term.strip() for term in terms if any(sign.isalnum() for sign in term)][:20]
    unfinished = "*" if terms and len(parts) % 2 and parts[-1].strip() else ""
    return joined.join(f'"{term}"' for term in terms) + unfinished


COUNTS = """
SELECT t.table_name, count(*) FROM search JOIN search_texts t ON t.rowid = search.rowid
WHERE search MATCH ? GROUP BY 1"""
BEST = """
SELECT rowid, table_name FROM (
  SELECT t.rowid, t.table_name, score, row_number() OVER (PARTITION BY t.table_name ORDER BY score, t.rowid) AS place
  FROM (SELECT rowid, bm25(search, 12, 10, 1, 2) AS score FROM search WHERE search MATCH :match) f
  JOIN search_texts t ON t.rowid = f.rowid
) WHERE place > :after AND place <= :upto AND (:type = '' OR table_name = :type)
ORDER BY place, score"""
SNIPPETS = """
SELECT r.id, r.table_name, r.label, r.contested, highlight(search, 0, :open, :close) AS title,
  snippet(search, 2, :open, :close, '…', 24) AS text, snippet(search, 1, :open, :close, '…', 12) AS names,
  snippet(search, 3, :open, :close, '…', 12) AS related
FROM search JOIN search_texts t ON t.rowid = search.rowid JOIN records r ON r.id = t.id
WHERE search MATCH :match AND search.rowid = :rowid"""
PLAIN = "SELECT r.id, r.table_name, r.label, r.contested FROM search_texts t JOIN records r ON r.id = t.id WHERE t.rowid = ?"


def search(connection: sqlite3.Connection, spellings: Spellings, text: str, kind: str = "", page: int = 1) -> Found:
    """What a text finds: the best of each type, or one page of one type."""
    found = Found()
    match = expression(text)
    if not match:
        return found
    if any("\u3040" <= sign <= "\u9fff" for sign in text):
        return _japanese(connection, spellings, text.strip(), kind)
    found.counts = dict(connection.execute(COUNTS, (match,)).fetchall())
    if sum(found.counts.values()) < FEW:
        found.near = spellings.near(text)
    if not found.counts and " " in match:
        found.loose, match = True, expression(text, " OR ")
        found.counts = dict(connection.execute(COUNTS, (match,)).fetchall())
    after, upto = ((page - 1) * PAGE, page * PAGE) if kind else (0, SHOWN)
    wanted = {"match": match, "after": after, "upto": upto, "type": kind}
    for row in connection.execute(BEST, wanted).fetchall():
        marked = {"match": match, "rowid": row["rowid"], "open": OPEN, "close": CLOSE}
        hit = connection.execute(SNIPPETS, marked).fetchone()
        passages = [hit[name] for name in ("names", "text", "related") if OPEN in hit[name]]
        found.hits.setdefault(row["table_name"], []).append(Hit(_entry(hit), _marked(hit["title"]), list(map(_marked, passages))))
    return found


def _japanese(connection: sqlite3.Connection, spellings: Spellings, text: str, kind: str) -> Found:
    """Japanese is written without spaces, so that the index has no words of it: look inside the names."""
    found = Found()
    for rowid, inside in spellings.japanese:
        at = inside.find(text)
        if at < 0:
            continue
        entry = _entry(connection.execute(PLAIN, (rowid,)).fetchone())
        if kind in ("", entry.table):
            around = inside[max(0, at - 40) : at] + OPEN + text + CLOSE + inside[at + len(text) : at + len(text) + 60]
            found.counts[entry.table] = found.counts.get(entry.table, 0) + 1
            found.hits.setdefault(entry.table, []).append(Hit(entry, escape(entry.label), [_marked(around)]))
    return found


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(row["id"], row["table_name"], row["label"], bool(row["contested"]))


def _marked(text: str) -> Markup:
    return Markup(str(escape(text)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))


def like(connection: sqlite3.Connection, spellings: Spellings, words: str) -> list[Entry]:
    """The records that have the words or the nearest name, in no order."""
    found = search(connection, spellings, words)
    texts = [found, *(search(connection, spellings, name) for name in found.near[:1])]
    return list({hit.entry for each in texts for hits in each.hits.values() for hit in hits})
