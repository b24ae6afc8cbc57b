"""Trade and aid: the figures of each series as columns, and those that stand alone as a table."""

import datetime
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from . import sources

HEIGHT, TOP, BOTTOM = 240, 40, 34  # of a chart, and what its value and period labels take of that
SIDE, STEP = 56, 58  # room for the axis, and for each column
SIGNS = {
    "about": "≈", "almost": "≲", "at-least": "≥", "more-than": ">", "up-to": "≤", "less-than": "<", "forecast": "→",
}
WORDS = {1: "", 1e2: "hundred", 1e3: "thousand", 1e6: "million", 1e9: "billion", 1e12: "trillion"}

# The measures in the order of the page; those not named come after, by their labels.
ORDER = (
    "trade-turnover", "exports", "imports", "trade-balance", "trade-growth", "export-growth", "import-growth",
    "trade-share", "trade-rank", "goods-trade", "investment-flow", "investment-stock", "loans", "aid", "guarantees",
    "debt",
)

SQL = """SELECT f.id, f.series_id, f.date, f.date_earliest, f.date_latest, f.value, f.multiplier, f.qualifier, f.note,
    f.value * f.multiplier AS amount, s.title, s.measure, s.unit, s.frequency,
    r.name AS reporter, p.name AS partner,
    (SELECT group_concat(d.id || ' ' || d.status, '|') FROM disagreements d WHERE d.record_id = f.id) AS disputes
  FROM series s JOIN figures f ON f.series_id = s.id
    LEFT JOIN parties r ON r.id = s.reporter_id LEFT JOIN parties p ON p.id = s.partner_id
  ORDER BY s.measure, s.title, s.id, f.date_earliest, f.id"""


def wording(value: float, multiplier: float) -> str:
    """A figure as its source writes it: 3.44 billion."""
    if multiplier not in WORDS:
        return f"{number(value)} × {number(multiplier)}"
    return f"{number(value)} {WORDS[multiplier]}".strip()


def number(value: float) -> str:
    """A number with its thousands apart, and no more decimals than it has."""
    return f"{value:,.10g}".rstrip()


@dataclass
class Figure:
    """One value of a series, as the chart and the table show it."""

    row: dict
    sources: list[dict]

    @property
    def wording(self) -> str:
        return wording(self.row["value"], self.row["multiplier"])

    @property
    def sign(self) -> str:
        """The sign before a value that is not exact."""
        return SIGNS.get(self.row["qualifier"], "")

    @property
    def disputes(self) -> list[tuple[str, str]]:
        """The disagreements about it: id and status."""
        return [tuple(dispute.split(" ")) for dispute in (self.row["disputes"] or "").split("|") if dispute]


@dataclass
class Series:
    """A series with its figures by date."""

    row: dict
    figures: list[Figure]

    @property
    def chart(self) -> "Chart | None":
        """The chart, where there are two periods to compare."""
        dated = [figure for figure in self.figures if figure.row["date_earliest"] and figure.row["date_latest"]]
        return Chart(dated) if len(dated) > 1 else None


@dataclass
class Column:
    """One value drawn."""

    figure: Figure
    x: float
    y: float
    width: float
    height: float
    label: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


class Chart:
    """Columns over a true axis of time, so that a missing year shows as a gap; side by side where periods overlap."""

    def __init__(self, figures: list[Figure]):
        amounts = [figure.row["amount"] for figure in figures]
        self.scale = max((size for size in WORDS if size != 1e2 and max(map(abs, amounts)) >= size), default=1)
        self.word = WORDS[self.scale]
        high, low = max(0, *amounts), min(0, *amounts)
        self.ticks = list(_ticks(low / self.scale, high / self.scale))
        high, low = max(high, self.ticks[-1] * self.scale), min(low, self.ticks[0] * self.scale)
        self.low, self.high = low, high
        places, self.slots = _slots(figures)
        self.width = SIDE + self.slots * STEP + 8
        self.height = HEIGHT
        self.columns = [self._column(figure, place) for figure, place in zip(figures, places)]

    def y(self, amount: float) -> float:
        """How far down an amount stands."""
        return round(TOP + (self.high - amount) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM), 1)

    def tick_y(self, tick: float) -> float:
        """How far down a label of the axis stands."""
        return self.y(tick * self.scale)

    def _column(self, figure: Figure, place: int) -> Column:
        amount = figure.row["amount"]
        top, base = self.y(max(amount, 0)), self.y(min(amount, 0))
        label = figure.sign + number(float(f"{amount / self.scale:.4g}"))
        return Column(figure, SIDE + place * STEP + 8, top, STEP - 16, round(base - top, 1), label)


def _slots(figures: list[Figure]) -> tuple[list[int], int]:
    """The place of each figure along the axis, and how many places there are: one a year where each figure has a year
    of its own and gaps are few, else one a figure."""
    years = [_middle(figure.row).year for figure in figures]
    span = years[-1] - years[0] + 1
    if len(set(years)) == len(years) and span <= 2 * len(years) + 4:
        return [year - years[0] for year in years], span
    return list(range(len(figures))), len(figures)


def _middle(row: dict) -> datetime.date:
    first, last = (datetime.date.fromisoformat(row[f"date_{end}"]) for end in ("earliest", "latest"))
    return first + (last - first) / 2


def _ticks(low: float, high: float) -> Iterator[float]:
    """Round numbers from below `low` to above `high`, about four steps."""
    rough = (high - low) / 4 or 1
    power = 10 ** len(str(int(1 / rough))) if rough < 1 else 1
    while rough * power >= 10:
        power /= 10
    step = next(size for size in (1, 2, 2.5, 5, 10) if size >= rough * power) / power
    tick = step * (low // step)
    while tick < high:
        yield round(tick, 10)
        tick += step
    yield round(tick, 10)


def read(connection: sqlite3.Connection) -> dict:
    """What the page shows: for each measure, the series that make a chart, and the figures that stand alone."""
    own = sources.supporting(connection, "figures")
    of_series = sources.supporting(connection, "series")
    rows = [dict(row) for row in connection.execute(SQL)]
    measures: dict[str, list[Series]] = {}
    for _, group in groupby(rows, lambda row: row["series_id"]):
        group = list(group)
        figures = [Figure(row, own.get(row["id"]) or of_series.get(row["series_id"], [])) for row in group]
        measures.setdefault(group[0]["measure"], []).append(Series(group[0], figures))
    known = [measure for measure in ORDER if measure in measures]
    order = known + [measure for measure in measures if measure not in ORDER]
    return {
        "measures": [
            (measure, [(series, series.chart) for series in measures[measure] if series.chart],
             [series for series in measures[measure] if not series.chart])
            for measure in order
        ],
        "signs": SIGNS,
    }
