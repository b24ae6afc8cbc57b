"""The codebook, generated from the schemas: what every table, column and code means."""

import csv
import io

from .compile import header
from .package import Package


def markdown(package: Package) -> str:
    """The codebook as Markdown."""
    d = package.descriptor
    lines = [f"# Codebook of {d.title} {d.version}", "", d.description, "", "Made from the schemas; mend it there.", ""]
    for table in package.tables.values():
        schema = table.schema
        lines += [f"## {table.name}: {schema.title}", "", schema.description, ""]
        lines += ["| column | type | required | meaning |", "|---|---|---|---|"]
        for field in schema.fields:
            target = table.foreign_keys.get(field.name)
            points = f" → `{target}`" if target else ""
            codes = f" Codes: vocabulary `{field.vocabulary}`." if field.vocabulary else ""
            units = f" Unit: {field.units}." if field.units else ""
            kind = "EDTF date" if field.edtf else field.type
            required = "yes" if field.constraints.required else ""
            lines.append(f"| `{field.name}`{points} | {kind} | {required} | **{field.title}.** {field.description}{codes}{units} |")
        lines.append("")
    lines += ["## Views of the database", ""]
    for name, sql in package.sql("views").items():
        head = header(sql)
        lines += [f"### {name}: {head['title']}", "", head["description"], ""]
        lines += [f"- `{key.removeprefix('column ')}`: {text}" for key, text in head.items() if key.startswith("column ")]
        lines.append("")
    lines += ["## Checks at every build", ""]
    lines += [f"- `{name}`: {header(sql)['title']}." for name, sql in package.sql("checks").items()]
    lines += ["", "## Vocabularies", ""]
    terms = csv.DictReader(io.StringIO(package.read(package.tables["terms"].path).decode()))
    by_vocabulary: dict[str, list[str]] = {}
    for term in terms:
        line = f"- `{term['id']}` ({term['label']}): {term['definition']}"
        if term["from_tables"]:
            line += f" Joins {term['from_tables']} to {term['to_tables']}."
        by_vocabulary.setdefault(term["vocabulary"], []).append(line)
    for vocabulary, codes in sorted(by_vocabulary.items()):
        lines += [f"### {vocabulary}", "", *codes, ""]
    return "\n".join(lines).rstrip() + "\n"
