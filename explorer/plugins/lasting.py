"""What Datasette asks anew for every page, though it never changes while a file is served.

The schema, who may see what, the counts of a whole table's facets: asked once, and kept in bounded memory.
"""

import functools
import pickle
from collections.abc import Callable

import datasette.url_builder
import datasette.utils
import datasette.views.table
from datasette import hookimpl

from explorer import store

SCHEMA = (
    "attached_databases", "fts_table", "foreign_keys_for_table", "get_all_foreign_keys", "get_table_definition",
    "get_view_definition", "hidden_table_names", "label_column_for_table", "primary_keys", "table_column_details",
    "table_columns", "table_exists", "table_names", "view_names",
)
REMEMBERED = 2_000  # answers to one question; readers may ask after tables that there are not
COUNTS = " as value, count(*) as count from ("  # stands in Datasette's query for a facet
FEW = 101  # values of a facet whose counts are remembered
UNCERTAIN = "SELECT DISTINCT date FROM {} WHERE date GLOB '*[~?%]*' OR date GLOB '*-2[1-4]*'"


@hookimpl
def startup(datasette):
    """Have the answers remembered."""

    async def remember():
        await datasette.refresh_schemas()
        datasette.refresh_schemas = nothing_new
        datasette.permission_allowed = for_all(datasette.permission_allowed)
        for database in datasette.databases.values():
            if not database.is_mutable and not database.is_memory:
                for name in SCHEMA:
                    setattr(database, name, remembered(getattr(database, name)))
                database.execute = counted(database.execute)
        known = await store.of(datasette)
        for table in known.tables.values():
            if table.kind == "table" and "date" in table.columns:
                for row in await datasette.get_database().execute(UNCERTAIN.format(table.name)):
                    store.in_words(row[0])  # the library for them takes milliseconds for each

    return remember


async def nothing_new() -> None:
    """Datasette's look at whether a schema has changed."""


def remembered(ask: Callable) -> Callable:
    """The same question, asked once for the same arguments; everyone has an answer of their own."""
    known: dict[tuple, bytes] = {}

    async def answer(*arguments, **named):
        key = (arguments, *named.items())
        if key not in known:
            answer = pickle.dumps(await ask(*arguments, **named))
            if len(known) >= REMEMBERED:
                known.clear()
            known[key] = answer
        return pickle.loads(known[key])

    return answer


def counted(execute: Callable) -> Callable:
    """Datasette's way to run SQL, which counts the facets of a whole table once, whatever page of it is asked for."""
    known: dict[str, object] = {}

    async def run(sql, params=None, **named):
        whole = not params and COUNTS in sql and sql.count("where ") == 1
        if not whole or named.get("truncate") is not False:  # a reader's own SQL is always cut off where it grows long
            return await execute(sql, params, **named)
        if sql in known:
            return known[sql]
        answer = await execute(sql, params, **named)
        if len(answer.rows) <= FEW:
            if len(known) >= REMEMBERED // 10:
                known.clear()
            known[sql] = answer
        return answer

    return run


def for_all(allowed: Callable) -> Callable:
    """Datasette's question whether someone may do something, asked once for all who have no account."""
    asked = remembered(allowed)

    async def answer(actor, action, resource=None, default=False):
        return await (allowed if actor else asked)(actor, action, resource=resource, default=default)

    return answer


# A page encodes the same ids, and the names of its tables, thousands of times.
encoded = functools.lru_cache(10_000)(datasette.utils.tilde_encode)
for module in (datasette.utils, datasette.url_builder, datasette.views.table, store):
    module.tilde_encode = encoded
