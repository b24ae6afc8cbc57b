"""Row rules: what one row must be by itself, as pydantic models made from the schemas."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, create_model, model_validator

from . import dates
from .faults import Fault
from .package import Field as Column
from .package import Table
from .tables import Cells, Row

Line = tuple[int, BaseModel]  # the number of a line, and its typed row
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
BOOLEAN = {"true": True, "false": False}


class Base(BaseModel):
    """A row, its cells typed; an empty cell is None."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Participant(Base):
    """A participant is a person or a body."""

    @model_validator(mode="after")
    def one_of_person_and_organisation(self):
        if (self.person_id is None) == (self.organisation_id is None):
            raise ValueError("person_id|needs exactly one of person_id and organisation_id; fill one and empty the other")
        return self

    @model_validator(mode="after")
    def tenure_is_of_the_person(self):
        if self.tenure_id and self.person_id and not self.tenure_id.startswith(f"{self.person_id}.tenure-"):
            raise ValueError(f"tenure_id|is another person's tenure; name one of {self.person_id}")
        return self


class Signatory(Base):
    """A signatory is a party, a person or both."""

    @model_validator(mode="after")
    def some_signatory(self):
        if not (self.party_id or self.person_id):
            raise ValueError("party_id|needs party_id or person_id; say who signed")
        return self


class Proposer(Base):
    """A proposer is a party, a person or both."""

    @model_validator(mode="after")
    def some_proposer(self):
        if not (self.party_id or self.person_id):
            raise ValueError("party_id|needs party_id or person_id; say who made the proposal")
        return self


class Place(Base):
    """Coordinates come in pairs and from a gazetteer."""

    @model_validator(mode="after")
    def coordinates_cite_a_gazetteer(self):
        given = [value is not None for value in (self.latitude, self.longitude, self.gazetteer_id)]
        if any(given) and not all(given):
            raise ValueError("latitude|needs latitude, longitude and gazetteer_id together, or none of them")
        return self


class Evidence(Base):
    """A dispute says what it states and belongs to a disagreement."""

    @model_validator(mode="after")
    def a_dispute_is_complete(self):
        if self.stance == "disputes" and not self.disagreement_id:
            raise ValueError("disagreement_id|is required where the stance is disputes; name the disagreement")
        if self.stance == "disputes" and not self.states:
            raise ValueError("states|is required where the stance is disputes; say what the source has")
        if self.cites_locator and not self.cites_id:
            raise ValueError("cites_id|is required where cites_locator is given; name the work cited")
        return self

    @model_validator(mode="after")
    def a_passage_or_a_place(self):
        if not self.passage and not self.locator:
            raise ValueError("locator|is required where there is no passage; say where in the work it stands")
        return self


class Disagreement(Base):
    """A ruling has its basis; an open question has neither."""

    @model_validator(mode="after")
    def ruled_with_ruling_and_basis(self):
        if self.status == "ruled" and not (self.ruling and self.basis):
            raise ValueError("ruling|a ruled disagreement needs ruling and basis; give both, or set the status to open")
        if self.status == "open" and (self.ruling or self.basis):
            raise ValueError("ruling|an open disagreement has no ruling and no basis; empty them, or set it to ruled")
        return self


class Link(Base):
    """A link joins two records."""

    @model_validator(mode="after")
    def two_records(self):
        if self.from_id == self.to_id:
            raise ValueError("to_id|a record cannot be linked to itself; name another")
        if self.relation == "distinct-from" and not self.note:
            raise ValueError("note|distinct-from needs a note that says how the two differ")
        return self


class Source(Base):
    """A consulted text has its digest of 64 hexadecimal digits; a work curated has been consulted."""

    @model_validator(mode="after")
    def curated_works_are_consulted(self):
        if self.curated != "none" and not self.consulted:
            raise ValueError("consulted|a work curated must have been consulted; set it to true, or curated to none")
        return self


RULES = {
    "participants": Participant,
    "signatories": Signatory,
    "proposers": Proposer,
    "places": Place,
    "evidence": Evidence,
    "disagreements": Disagreement,
    "links": Link,
    "sources": Source,
}


def _date(value: str) -> str:
    dates.bounds(value)
    return value


def _number(value: str) -> float:
    if not NUMBER.fullmatch(value):
        raise ValueError("is not a plain number; write digits with a point, such as 2114 or 31.3")
    return float(value)


def _integer(value: str) -> int:
    if not INTEGER.fullmatch(value):
        raise ValueError("is not a whole number; write digits alone, such as 1000000")
    return int(value)


def _boolean(value: str) -> bool:
    if value not in BOOLEAN:
        raise ValueError("is neither true nor false; write one of them")
    return BOOLEAN[value]


def _bounded(low: float | None, high: float | None):
    def check(value):
        if low is not None and value < low:
            raise ValueError(f"is too small; the least is {low:g}")
        if high is not None and value > high:
            raise ValueError(f"is too large; the most is {high:g}")
        return value

    return check


def _type(column: Column):
    c = column.constraints
    checks: list[Any] = []
    if column.edtf:
        checks.append(_date)
    if column.type != "string":
        checks.append({"number": _number, "integer": _integer, "boolean": _boolean}[column.type])
    if c.minimum is not None or c.maximum is not None:
        checks.append(_bounded(c.minimum, c.maximum))
    shape = [StringConstraints(pattern=c.pattern)] if c.pattern else []
    kind = Annotated[str, *shape, *map(AfterValidator, checks)] if shape or checks else str
    return (kind, ...) if c.required else (kind | None, None)


@lru_cache(maxsize=None)
def model(table: Table) -> type[BaseModel]:
    """The pydantic model of a table's rows, made from its schema and the rules above."""
    types = {field.name: _type(field) for field in table.schema.fields}
    return create_model(table.name, __base__=RULES.get(table.name, Base), **types)


def check(table: Table, number: int, rows: list[Cells]) -> tuple[list[Line], list[tuple[int, Row]], list[Fault]]:
    """The typed rows, the rows that have a faulty cell and so cannot be typed, each with the number of its line, and
    all faults. `number` is that of the first row's line."""
    validate, columns = model(table).__pydantic_validator__.validate_python, table.columns
    typed, left_out, faults = [], [], []
    for line, cells in enumerate(rows, number):
        try:
            typed.append((line, validate({column: cell for column, cell in zip(columns, cells) if cell})))
        except ValidationError as error:
            left_out.append((line, dict(zip(columns, cells))))
            faults += _faults(table, *left_out[-1], error)
    if hangs := table.schema.hangs:
        faults += _misplaced(table, number, rows, columns.index(hangs.on), hangs.kind)
    return typed, left_out, faults


def _misplaced(table: Table, number: int, rows: list[Cells], on: int, kind: str) -> Iterator[Fault]:
    """Faults of rows whose id does not stand under the record on which they hang."""
    for line, cells in enumerate(rows, number):
        if not cells[0].startswith(f"{cells[on]}.{kind}-"):
            wrong = f"must be {cells[on]}.{kind}- and a number; the row hangs on {cells[on]}"
            yield Fault(table.path, line, "id", cells[0], wrong)


def _faults(table: Table, line: int, row: Row, error: ValidationError) -> Iterator[Fault]:
    for wrong in error.errors(include_url=False):
        column = str(wrong["loc"][0]) if wrong["loc"] else ""
        message = wrong["msg"].removeprefix("Value error, ")
        if not column:
            column, _, message = message.partition("|")
        if wrong["type"] == "missing":
            mend = "run make format to number it" if column == "id" and table.schema.hangs else table.fields[column].description
            message = f"is required: {mend}"
        if wrong["type"] == "string_pattern_mismatch":
            message = f"does not have the form {wrong['ctx']['pattern']}; {table.fields[column].description.split('.')[0]}"
        yield Fault(table.path, line, column, row[column], message)
