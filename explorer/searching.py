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


def expressions(text: str) -> list[str]:
    """A text as FTS5 queries, from strict to loose: all its words, the last perhaps unfinished; all, each perhaps
    unfinished; some of them. “Words in quotes” stand next to each other in all three."""
    parts = text.replace("“", '"').replace("”", '"').split('"')
    pieces = ((part, at % 2) for at, whole in enumerate(parts) for part in ([whole] if at % 2 else whole.split()))
    terms = [(part.strip(), quoted) for part, quoted in pieces]
    terms = [(f'"{term}"', quoted) for term, quoted in terms if any(sign.isalnum() for sign in term)][:20]
    if not terms:
        return []
    words, unfinished = [term for term, _ in terms], [term if quoted else f"{term}*" for term, quoted in terms]
    return list(dict.fromkeys([" ".join([*words[:-1], unfinished[-1]]), " ".join(unfinished), " OR ".join(words)]))


COUNTS = """
SELECT t.table_name, count(*) FROM search JOIN search_texts t ON t.rowid = search.rowid
WHERE search MATCH ? GROUP BY 1"""
KNOWN = "SELECT 1 FROM search WHERE search MATCH ? LIMIT 1"
BEST = """
SELECT rowid, table_name FROM (
  SELECT rowid, table_name, score, row_number() OVER (PARTITION BY table_name ORDER BY score, rowid) AS place
  FROM (
    SELECT t.rowid, t.table_name, bm25(search, 12, 10, 1, 2) - 100 * (t.title = :text COLLATE NOCASE) AS score
    FROM search JOIN search_texts t ON t.rowid = search.rowid WHERE search MATCH :match
  )
) WHERE place > :after AND place <= :upto AND (:type = '' OR table_name = :type)
ORDER BY place, score"""
SNIPPETS = """
SELECT r.id, r.table_name, r.label, r.contested, highlight(search, 0, :open, :close) AS title,
  snippet(search, 2, :open, :close, '…', 24) AS text, snippet(search, 1, :open, :close, '…', 12) AS names,
  snippet(search, 3, :open, :close, '…', 12) AS related
FROM search JOIN search_texts t ON t.rowid = search.rowid JOIN records r ON r.id = t.id
WHERE search MATCH :match AND search.rowid = :rowid"""
PLAIN = """
SELECT r.id, r.table_name, r.label, r.contested FROM search_texts t JOIN records r ON r.id = t.id WHERE t.rowid = ?"""


def search(connection: sqlite3.Connection, spellings: Spellings, text: str, kind: str = "", page: int = 1) -> Found:
    """What a text finds: the best of each type, or one page of one type."""
    found, tries = Found(), expressions(text)
    if any("\u3040" <= sign <= "\u9fff" for sign in text):
        return _japanese(connection, spellings, text.strip(), kind)
    for match in tries:
        found.counts = dict(connection.execute(COUNTS, (match,)).fetchall())
        if found.counts:
            found.loose = match == tries[-1] and len(tries) == 3
            break
    if sum(found.counts.values()) < FEW or found.loose:
        tried = [(word, expressions(word)) for word in text.split()]
        unknown = [word for word, match in tried if match and not connection.execute(KNOWN, match[:1]).fetchone()]
        found.near = spellings.near(" ".join(unknown))
    if not found.counts:
        return found
    after, upto = ((page - 1) * PAGE, page * PAGE) if kind else (0, SHOWN)
    wanted = {"match": match, "text": fold(text.strip()), "after": after, "upto": upto, "type": kind}
    for row in connection.execute(BEST, wanted).fetchall():
        marked = {"match": match, "rowid": row["rowid"], "open": OPEN, "close": CLOSE}
        hit = connection.execute(SNIPPETS, marked).fetchone()
        passages = [_marked(hit[name]) for name in ("names", "text", "related") if OPEN in hit[name]]
        found.hits.setdefault(row["table_name"], []).append(Hit(_entry(hit), _marked(hit["title"]), passages))
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
