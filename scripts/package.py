"""The descriptor and the table schemas, as pydantic models: the one place that says what a column is."""

import hashlib
import io
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Setting

from .faults import Fault, Faulty

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RECORDS = "records"


class Strict(BaseModel):
    """A model that refuses keys it does not know, so that a misspelt one is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Constraints(Strict):
    """Table Schema constraints that the tables use."""

    required: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


class Field(Strict):
    """One column. Beyond Table Schema: `vocabulary` (the vocabulary that the code comes from), `references`
    (`records`: the column may name any record), `edtf` (a date), `inherits` (the column whose record gives an
    empty date its bounds), `facet` (offered as a filter), `units` (of a number)."""

    name: Name
    type: Literal["string", "number", "integer", "boolean"]
    title: Text
    description: Text
    constraints: Constraints = Constraints()
    vocabulary: str | None = None
    references: Literal["records"] | None = None
    edtf: bool = False
    inherits: Name | None = None
    facet: bool = False
    units: Text | None = None


class Reference(Strict):
    """The target of a foreign key; an empty resource is the table itself."""

    resource: str
    fields: Literal["id"]


class ForeignKey(Strict):
    """A foreign key of one column."""

    fields: Name
    reference: Reference


class Hangs(Strict):
    """Rows that hang on a record: the column that names it, and the kind that stands in their ids."""

    on: Name
    kind: Name


class Schema(Strict):
    """A Table Schema. Beyond the standard: `label` (a template of columns that names a row to a person), `sort`
    (the column by which Datasette sorts), `hangs` (for rows that hang on a record)."""

    profile: Literal["https://datapackage.org/profiles/2.0/tableschema.json"] = Setting(alias="$schema")
    title: Text
    description: Text
    label: Text
    sort: Name
    hangs: Hangs | None = None
    fields: tuple[Field, ...] = Setting(min_length=1)
    primary_key: tuple[Literal["id"]] = Setting(alias="primaryKey")
    missing_values: tuple[Literal[""]] = Setting(alias="missingValues")
    foreign_keys: tuple[ForeignKey, ...] = Setting(default=(), alias="foreignKeys")


class Dialect(Strict):
    """The CSV dialect, declared in full so that no reader has to guess."""

    delimiter: Literal[","]
    quoteChar: Literal['"']
    doubleQuote: Literal[True]
    header: Literal[True]
    lineTerminator: Literal["\n"]


class Resource(Strict):
    """One table of the package, as the descriptor declares it."""

    name: Name
    title: Text
    description: Text
    path: str
    type: Literal["table"]
    scheme: Literal["file"]
    format: Literal["csv"]
    mediatype: Literal["text/csv"]
    encoding: Literal["utf-8"]
    dialect: Dialect
    schema_path: str = Setting(alias="schema")


class License(Strict):
    """A licence of the package."""

    name: Text
    title: Text
    path: Text


class Descriptor(Strict):
    """`datapackage.json` (Data Package v2)."""

    profile: Literal["https://datapackage.org/profiles/2.0/datapackage.json"] = Setting(alias="$schema")
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    title: Text
    description: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    created: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT00:00:00Z$")]
    licenses: tuple[License, ...] = Setting(min_length=1)
    contributors: tuple[dict[str, Any], ...] = Setting(min_length=1)
    sources: tuple[dict[str, Any], ...] = Setting(min_length=1)
    keywords: tuple[Text, ...] = ()
    resources: tuple[Resource, ...] = Setting(min_length=1)


class Table:
    """A resource with its schema."""

    def __init__(self, resource: Resource, schema: Schema):
        self.resource, self.schema = resource, schema
        self.name, self.path = resource.name, resource.path

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [field.name for field in self.schema.fields]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The columns by name."""
        return {field.name: field for field in self.schema.fields}

    @cached_property
    def foreign_keys(self) -> dict[str, str]:
        """Column → the table that it points into; `records` where it may name any record."""
        keys = {key.fields: key.reference.resource or self.name for key in self.schema.foreign_keys}
        return keys | {field.name: RECORDS for field in self.schema.fields if field.references}

    @cached_property
    def dates(self) -> list[Field]:
        """The columns that hold EDTF dates."""
        return [field for field in self.schema.fields if field.edtf]


class Package:
    """The package in a folder: its descriptor and its tables, by name, in the descriptor's order."""

    def __init__(self, root: Path):
        """Read descriptor and schemas; raise `Faulty` with every fault found in them."""
        self.root = root
        self._bytes: dict[str, bytes] = {}
        self.descriptor = self._model(Descriptor, "datapackage.json")
        faults: list[Fault] = []
        self.tables: dict[str, Table] = {}
        for resource in self.descriptor.resources:
            if resource.name in self.tables:
                faults.append(Fault("datapackage.json", 0, "resources", resource.name, "is named twice; name it once"))
            try:
                self.tables[resource.name] = Table(resource, self._model(Schema, resource.schema_path))
            except Faulty as faulty:
                faults += faulty.faults
        if not faults:
            for table in self.tables.values():
                faults += self._dangling(table)
        if faults:
            raise Faulty(faults)

    def read(self, path: str) -> bytes:
        """The bytes of a file of the package, read once, so that everything works on the same ones.

        Raises `Faulty` where the file is missing or cannot be read.
        """
        if path not in self._bytes:
            try:
                self._bytes[path] = (self.root / path).read_bytes()
            except OSError as error:
                raise Faulty([Fault(path, message=f"cannot be read: {error.strerror}; restore the file")]) from None
        return self._bytes[path]

    def open(self, path: str) -> BinaryIO:
        """A file of the package, to read in pieces; its bytes, if it was read whole before, else as it lies there.

        Raises `Faulty` where the file is missing or cannot be read.
        """
        if path in self._bytes:
            return io.BytesIO(self._bytes[path])
        try:
            return (self.root / path).open("rb")
        except OSError as error:
            raise Faulty([Fault(path, message=f"cannot be read: {error.strerror}; restore the file")]) from None

    def sql(self, folder: str) -> dict[str, str]:
        """The SQL files of a folder under `schemas/`, by stem, in the order of their names."""
        paths = sorted((self.root / "schemas" / folder).glob("*.sql"))
        return {path.stem: self._text(path.relative_to(self.root).as_posix()) for path in paths}

    def digest(self) -> str:
        """The SHA-256 over the descriptor, schemas, tables and SQL files: the inputs of a build."""
        for folder in ("checks", "views"):
            self.sql(folder)
        total = hashlib.sha256()
        for path in sorted({*self._bytes, *(table.path for table in self.tables.values())}):
            with self.open(path) as file:
                total.update(f"{path}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
        return total.hexdigest()

    def _text(self, path: str) -> str:
        try:
            return self.read(path).decode()
        except UnicodeDecodeError as error:
            raise Faulty([Fault(path, message=f"is not UTF-8: {error.reason}; save it as UTF-8")]) from None

    def _model(self, model: type[Strict], path: str):
        try:
            return model.model_validate(json.loads(self.read(path)))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            line = getattr(error, "lineno", 0)
            raise Faulty([Fault(path, line, message=f"is not JSON: {error}; mend it by hand or restore it")]) from None
        except ValidationError as error:
            raise Faulty(
                Fault(path, 0, ".".join(map(str, e["loc"])), None, f"{e['msg']} (found {e['input']!r:.60})")
                for e in error.errors()
            ) from None

    def _dangling(self, table: Table):
        """Faults of names in a schema that name nothing."""
        path, schema = table.resource.schema_path, table.schema
        if table.columns[0] != "id" or len(set(table.columns)) != len(table.columns):
            yield Fault(path, 0, "fields", None, "must begin with id and name each column once")
        for key in schema.foreign_keys:
            target = key.reference.resource or table.name
            if target not in self.tables:
                yield Fault(path, 0, "foreignKeys", target, "is no table of the package; name one that is")
            if key.fields not in table.fields:
                yield Fault(path, 0, "foreignKeys", key.fields, "is no column of the table; name one that is")
        for name in [*re.findall(r"{(\w+)}", schema.label), *([schema.hangs.on] if schema.hangs else [])]:
            if name not in table.fields:
                yield Fault(path, 0, "label or hangs", name, "is no column of the table; name one that is")
        for field in schema.fields:
            if field.vocabulary and table.foreign_keys.get(field.name) != "terms":
                yield Fault(path, 0, field.name, field.vocabulary, "needs a foreign key to terms for its vocabulary")
            if field.inherits and field.inherits not in table.foreign_keys:
                yield Fault(path, 0, field.name, field.inherits, "is no foreign key to inherit a date by")
            try:
                re.compile(field.constraints.pattern or "")
            except re.error as error:
                yield Fault(path, 0, field.name, field.constraints.pattern, f"is no regular expression: {error}")
