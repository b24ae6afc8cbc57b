"""The map: places of meetings on a Pacific-centred Miller projection, and the four islands beside it."""

import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

# The frame of static/pictures/land.svg: its README tells how the file was made.
WIDTH, HEIGHT = 1000, 437
WEST, EAST, NORTH = -26, 306, 78
SCALE = WIDTH / math.radians(EAST - WEST)

# The frame of static/pictures/islands.svg, and where the names of the islands stand in it.
ISLANDS_FRAME = (1000, 767)
ISLANDS = {
    "etorofu": (590, 350, "start"), "kunashiri": (205, 385, "middle"), "shikotan": (405, 610, "start"),
    "habomai": (290, 715, "start"),
}
LETTER = 7.2  # the mean width of a letter of a label

SQL = """SELECT p.id, p.name, p.latitude, p.longitude, p.disputed, p.gazetteer_id, s.title AS gazetteer,
    count(m.id) AS meetings, count(CASE WHEN m.status = 'held' THEN 1 END) AS held
  FROM meetings m JOIN places p ON p.id = m.place_id LEFT JOIN sources s ON s.id = p.gazetteer_id
  WHERE m.place_id > '' GROUP BY p.id ORDER BY meetings DESC, p.name"""
ISLANDS_SQL = f"""SELECT id, name, (SELECT count(*) FROM meetings WHERE place_id = places.id) AS meetings
  FROM places WHERE id IN ({','.join(map(repr, ISLANDS))})"""


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place lies on the map: Miller's cylindrical projection, the Pacific in the middle."""
    def north(degrees: float) -> float:
        return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(degrees)))

    return round(math.radians((longitude - WEST) % 360) * SCALE, 1), round((north(NORTH) - north(latitude)) * SCALE, 1)


@dataclass
class Circle:
    """A place drawn, its area in proportion to the number of meetings."""

    place: dict
    x: float
    y: float
    labelled: bool = False
    side: str = "right"  # of the circle, where its label stands

    @property
    def radius(self) -> float:
        return round(3.2 * math.sqrt(self.place["meetings"]), 1)

    @property
    def label(self) -> tuple[float, float, str]:
        """Where the label stands, and from which of its ends."""
        off = self.radius + 3
        x, y, anchor = {
            "right": (off, 4, "start"), "left": (-off, 4, "end"),
            "above": (0, -off, "middle"), "below": (0, off + 9, "middle"),
        }[self.side]
        return round(self.x + x, 1), round(self.y + y, 1), anchor

    @property
    def room(self) -> tuple[float, float, float, float]:
        """The room that the circle takes: left, top, right, bottom."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius

    @property
    def label_room(self) -> tuple[float, float, float, float]:
        """The room that the label takes."""
        width = LETTER * len(self.place["name"])
        x, y, anchor = self.label
        left = x - {"start": 0, "end": width, "middle": width / 2}[anchor]
        return left, y - 10, left + width, y + 3


def circles(places: list[dict]) -> list[Circle]:
    """The places that have coordinates, the largest first, so that the small lie upon the large."""
    known = [place for place in places if place["latitude"] is not None]
    drawn = [Circle(place, *project(place["latitude"], place["longitude"])) for place in known]
    taken = [(circle, circle.room) for circle in drawn]
    for circle in drawn:
        for circle.side in ("right", "left", "above", "below"):
            box = circle.label_room
            hidden = any(_overlap(box, room) for other, room in taken if other is not circle)
            if 0 < box[0] and box[2] < WIDTH and not hidden:
                circle.labelled = True
                taken.append((None, box))
                break
    return drawn


def _overlap(one: tuple, other: tuple) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def islands(rows: list[dict]) -> Iterator[dict]:
    """The four islands with the place of their names on the inset; both names, one under the other."""
    for row in rows:
        x, y, anchor = ISLANDS[row["id"]]
        yield row | {"x": x, "y": y, "anchor": anchor, "names": row["name"].split(" / ")}


def read(connection: sqlite3.Connection) -> dict:
    """What the map shows."""
    places = [dict(row) for row in connection.execute(SQL)]
    return {
        "places": places,
        "circles": circles(places),
        "islands": list(islands([dict(row) for row in connection.execute(ISLANDS_SQL)])),
        "nowhere": connection.execute("SELECT count(*) FROM meetings WHERE place_id IS NULL").fetchone()[0],
        "frame": (WIDTH, HEIGHT),
        "islands_frame": ISLANDS_FRAME,
    }
