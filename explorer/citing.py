"""A record as reference managers and search engines read it: plain, BibTeX, RIS and schema.org."""

import json
import re
from urllib.parse import urlsplit

from markupsafe import Markup

from .records import Record
from .store import Store

WORK_TYPES = {"book": "Book", "chapter": "Chapter", "article": "ScholarlyArticle", "thesis": "Thesis",
                 "newspaper": "NewsArticle", "report": "Report"}
EVENT_STATUS = {
    "cancelled": "https://schema.org/EventCancelled", "postponed": "https://schema.org/EventPostponed",
}


def citations(store: Store, creators: list[str], title: str, identifier: str, address: str) -> dict[str, str]:
    """How to cite a record, or with an empty id the whole dataset, by the name of the form."""
    package = store.package
    whole, version, by = package["title"], package["version"], "; ".join(creators)
    name = title if identifier else whole
    part = f"“{title}”, record {identifier}. In " if identifier else ""
    year = package["released"][:4]
    if urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1"):
        address = ""  # nobody else could open the address of a reader's own server
    plain = f"{by} ({year}). {part}{whole}, version {version}. {f'{address} ' if address else ''}({package['data_licence']})."
    key = re.sub(r"[^a-z0-9-]", "-", identifier) or package["name"]
    within = f"{whole}, version {version}, record {identifier}" if identifier else f"Version {version}"
    bibtex = {
        "author": " and ".join(f"{{{_bibtex(creator)}}}" for creator in creators), "title": _bibtex(name),
        "year": year, "howpublished": _bibtex(within), "url": address, "note": _bibtex(package["data_licence"]),
    }
    ris = [("TY", "DATA"), *(("AU", creator) for creator in creators), ("TI", name)]
    ris += [("T2", whole), ("AN", identifier)] if identifier else []
    ris += [("PY", year), ("ET", version), ("UR", address), ("N1", package["data_licence"]), ("ER", "")]
    return {
        "Plain": plain,
        "BibTeX": "\n".join([f"@misc{{{key},", *(f"  {entry} = {{{text}}}," for entry, text in bibtex.items() if text), "}"]),
        "RIS": "\n".join(f"{tag}  - {' '.join(text.split())}" for tag, text in ris if text or tag == "ER"),
    }


def _bibtex(text: str) -> str:
    """Text with BibTeX's own characters made harmless."""
    return re.sub(r"([#$%&_{}])", r"\\\1", text.replace("\\", "/"))


def dataset(store: Store, creators: list[str], address: str, licence_url: str) -> dict:
    """The whole dataset as a schema.org Dataset."""
    package = store.package
    file = {
        "@type": "DataDownload", "contentUrl": f"{address}/{store.database}.db",
        "encodingFormat": "application/vnd.sqlite3",
    }
    tables = [table for table in store.tables.values() if table.kind == "table"]
    csv = [
        {"@type": "DataDownload", "name": table.title, "encodingFormat": "text/csv",
         "contentUrl": f"{address}{store.path(table.name)}.csv?_stream=on"}
        for table in tables
    ]
    return {
        "@context": "https://schema.org", "@type": "Dataset", "@id": f"{address}/", "url": f"{address}/",
        "name": package["title"], "description": package["description"], "version": package["version"],
        "license": licence_url, "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": creator} for creator in creators],
        "keywords": ["Japan", "Russia", "Soviet Union", "diplomacy", "Kuril Islands", "Northern Territories"],
        "temporalCoverage": "1855/..", "distribution": [file, *csv],
        "variableMeasured": [table.title for table in tables],
    }


def described(store: Store, record: Record, address: str) -> dict | None:
    """What schema.org offers for a record; None where it offers nothing that fits."""
    row, name = record.row, record.table.name
    work = {"isPartOf": {"@type": "Dataset", "@id": f"{address}/"}}
    match name:
        case "people":
            about = {"@type": "Person", "familyName": row["family_name"], "givenName": row["given_name"]}
        case "organisations":
            about = {"@type": "Organization"}
        case "places":
            geo = {"@type": "GeoCoordinates", "latitude": row["latitude"], "longitude": row["longitude"]}
            about = {"@type": "Place", "geo": geo if row["latitude"] is not None else None}
        case "meetings" | "events":
            people = [person["person_id"] for person in record.hanging.get("participants", []) if person["person_id"]]
            place = record.entries.get(row["place_id"])
            about = {
                "@type": "Event", "startDate": row["date_earliest"], "endDate": row["date_latest"],
                "location": {"@type": "Place", "name": place.label} if place else None,
                "eventStatus": EVENT_STATUS.get(row["status"]),
                "attendee": [{"@type": "Person", "name": record.entries[person].label} for person in people],
            }
        case "agreements" | "proposals":
            about = {"@type": "CreativeWork", "dateCreated": row["date_earliest"], **work}
        case "sources":
            names = filter(None, (row["authors"] or "").split(";"))
            authors = [{"@type": "Person", "name": author.strip()} for author in names]
            work = {"@type": WORK_TYPES.get(row["kind"], "CreativeWork")}
            about = {**work, "author": authors, "datePublished": row["date"]}
        case "concepts" | "tactics" | "terms":
            within = {"@type": "DefinedTermSet", "name": row.get("vocabulary") or record.table.title}
            about = {"@type": "DefinedTerm", "inDefinedTermSet": within, "termCode": record.entry.id}
        case "series" | "polls":
            about = {"@type": "Dataset", **work}
        case _:
            return None
    here = f"{address}/id/{record.entry.id}"
    about |= {
        "@context": "https://schema.org", "@id": here, "url": here,
        "name": record.entry.label, "alternateName": [other["name"] for other in record.hanging.get("names", [])],
        "description": next((row[column] for column in ("summary", "definition", "note") if row.get(column)), None),
    }
    return {key: value for key, value in about.items() if value not in (None, [], "")}


def json_ld(about: dict | None) -> Markup:
    """The content of a script element of type application/ld+json, in which nothing can end the element."""
    text = json.dumps(about, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
