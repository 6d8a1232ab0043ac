"""How the index keeps up: triggers mark what changed, the next question reads it anew before it is answered.

The mark is written by the database in the transaction of the change, whoever made it and however (a service, a bulk
write, a sheet, another program), so nothing is missed and a worker that is killed loses nothing. Reading anew is
idempotent; two readers at once take turns on the marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models, transaction

from common.locks import locking
from common.models import DocumentIssue
from municipalities.models import Municipality
from regions.models import (
    AgendaItem,
    Agreement,
    AgreementArticle,
    AgreementInitiative,
    ConferenceMeeting,
    ForwardPlan,
    ForwardPlanInitiative,
    MeetingDecision,
    OpenPoint,
    Project,
    ProjectName,
    Region,
    RegionMembership,
    RegionName,
    Vision,
    VisionProject,
)
from subsidies.models import (
    Application,
    ApplicationProject,
    Call,
    CostLine,
    InternalNote,
    Opinion,
    Participant,
    Payment,
    Program,
    Snapshot,
)

from ..models import SearchEntry, SearchStale, SearchTokens
from .folding import fold, readable
from .texts import READERS, Text
from .tokens import tokens_of

CHUNK = 200

# (model, kind of thing that changes with it, field that names the thing)
Source = tuple[type[models.Model], str, str]
SOURCES: tuple[Source, ...] = (
    (Municipality, "municipality", "code"),
    (Region, "region", "code"),
    (RegionName, "region", "region"),
    (RegionMembership, "region", "region"),
    (Project, "project", "id"),
    (ProjectName, "project", "project"),
    (Agreement, "agreement", "id"),
    (AgreementArticle, "agreement", "agreement"),
    (AgreementInitiative, "agreement", "agreement"),
    (Vision, "vision", "id"),
    (VisionProject, "vision", "vision"),
    (ForwardPlan, "plan", "id"),
    (ForwardPlanInitiative, "plan", "plan"),
    (ConferenceMeeting, "meeting", "id"),
    (AgendaItem, "meeting", "meeting"),
    (MeetingDecision, "meeting", "meeting"),
    (OpenPoint, "meeting", "raised_at"),
    (Program, "program", "code"),
    (Call, "call", "id"),
    (Application, "application", "id"),
    (Participant, "application", "application"),
    (ApplicationProject, "application", "application"),
    (CostLine, "application", "application"),
    (Snapshot, "application", "application"),
    (InternalNote, "note", "application"),
    (Opinion, "note", "application"),
    (DocumentIssue, "document", "id"),
    (Payment, "payment", "id"),
)
HOLDERS = {
    "municipality": Municipality,
    "region": Region,
    "project": Project,
    "agreement": Agreement,
    "vision": Vision,
    "plan": ForwardPlan,
    "meeting": ConferenceMeeting,
    "call": Call,
    "application": Application,
    "note": Application,
    "document": DocumentIssue,
    "payment": Payment,
}
EVERYTHING = "*"


def refresh() -> int:
    """Read anew what changed since the last time; return how many things. One query where nothing did."""
    if not SearchStale.objects.exists():
        return 0
    with transaction.atomic():
        marks = list(locking(SearchStale.objects).order_by("id").values_list("id", "kind", "key"))
        if any(kind == EVERYTHING for _, kind, _ in marks):
            done = _read_everything()
        else:
            done = _read({(kind, key) for _, kind, key in marks})
        for some in _portions([mark for mark, _, _ in marks]):
            SearchStale.objects.filter(pk__in=some).delete()
    return done


@transaction.atomic
def rebuild() -> int:
    """Read everything anew, as after a restore; return how many things. What stood there before is gone."""
    SearchStale.objects.all().delete()
    SearchTokens.objects.all().delete()
    SearchEntry.objects.only("pk").delete()
    return _read_everything()


def follow_tables() -> None:
    """Put the triggers on every table the index reads; where one was missing, have everything read anew.

    Run after each `migrate`: SQLite drops the triggers of a table that a migration makes anew. Nothing happens before
    the tables of all rooms are there.
    """
    tables = {model._meta.db_table for model, _, _ in SOURCES} | {SearchStale._meta.db_table}
    if not tables <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        standing = _standing(cursor)
        missing = [source for source in SOURCES if _name(source[0], "ins") not in standing]
        for statement in _statements(missing):
            cursor.execute(statement)
    if missing and any(holder._default_manager.exists() for holder in HOLDERS.values()):
        SearchStale.objects.create(kind=EVERYTHING, key="")


def remove_triggers() -> None:
    """Take the triggers away again, before the table they write to goes."""
    with connection.cursor() as cursor:
        for name in _standing(cursor):
            table = next(
                model._meta.db_table for model, _, _ in SOURCES if name.startswith(f"search_{model._meta.db_table}_")
            )
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS search_marks() CASCADE")


def _read_everything() -> int:
    return _read(
        (kind, str(key))
        for kind, holder in HOLDERS.items()
        for key in holder._default_manager.order_by("pk").values_list("pk", flat=True)
    )


def _read(marks: Iterable[tuple[str, str]]) -> int:
    things: dict[str, set[str]] = {}
    for kind, key in marks:
        things.setdefault(kind, set()).add(key)
    _carry_on(things)
    for kind, keys in things.items():
        for some in _portions(sorted(keys, key=lambda key: (len(key), key))):  # new ones after old ones
            _write(kind, some)
    return sum(map(len, things.values()))


def _portions(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _carry_on(things: dict[str, set[str]]) -> None:
    """Add what names a thing that changed: its region, its applications, the calls of a program."""
    followers: tuple[tuple[str, str, type[models.Model], str], ...] = (
        ("municipality", "region", Region, "memberships__municipality"),
        ("municipality", "application", Application, "parts__municipality"),
        ("region", "project", Project, "region"),
        ("region", "agreement", Agreement, "region"),
        ("region", "vision", Vision, "region"),
        ("region", "application", Application, "region"),
        ("project", "vision", Vision, "items__project"),
        ("project", "application", Application, "items__project"),
        ("program", "call", Call, "program"),
        ("call", "application", Application, "call"),
        ("application", "payment", Payment, "application"),
        ("application", "note", Application, "pk"),
    )
    for cause, kind, model, path in followers:
        for some in _portions(sorted(things.get(cause, ()))):
            named = model._default_manager.filter(**{f"{path}__in": some}).values_list("pk", flat=True)
            things.setdefault(kind, set()).update(map(str, named))
    things.pop("program", None)


def _write(kind: str, keys: Sequence[str]) -> None:
    place = {key: number for number, key in enumerate(keys)}
    rows = [_entry(kind, text) for text in sorted(READERS[kind](keys), key=lambda text: place[text.key])]
    kept = {(row.key, row.layer) for row in rows}
    standing = SearchEntry.objects.filter(kind=kind, key__in=keys)
    before = {(key, layer): rest for key, layer, *rest in standing.values_list("key", "layer", "pk", "text", "amounts")}
    gone = [rest[0] for place, rest in before.items() if place not in kept]
    SearchEntry.objects.filter(pk__in=gone).delete()
    rows = SearchEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "key", "layer"],
        update_fields=["ref", "order", "title", "note", "name", "text", "amounts", "shown"],
        batch_size=CHUNK,
    )
    changed = [row for row in rows if before.get((row.key, row.layer)) != [row.pk, row.text, row.amounts]]
    SearchTokens.objects.filter(pk__in=[row.pk for row in changed]).delete()
    SearchTokens.objects.bulk_create((SearchTokens(entry=row, tokens=_tokens(row)) for row in changed), CHUNK)


def _tokens(row: SearchEntry) -> list[int]:
    return tokens_of(row.kind, row.layer, row.text, [int(yen) for yen in row.amounts.split("|") if yen])


def _entry(kind: str, text: Text) -> SearchEntry:
    lines = [line.strip() for line in (*text.names, *text.lines) if line.strip()]
    amounts = [yen for _, yen in text.amounts]
    return SearchEntry(
        kind=kind,
        key=text.key,
        layer=text.layer,
        ref=text.ref,
        order=text.order,
        title=text.title,
        note=text.note,
        name="\n" + "\n".join(fold(name) for name in text.names) + "\n",
        text=fold("\n".join((text.title, *lines, *text.links))),
        amounts="|".join(["", *map(str, dict.fromkeys(amounts)), ""]) if amounts else "",
        shown=readable("\n".join((*lines, *_amount_lines(text)))),
    )


def _amount_lines(text: Text) -> Iterator[str]:
    return (f"{label}　{yen:,}円" for label, yen in text.amounts)


def _name(model: type[models.Model], act: str) -> str:
    return f"search_{model._meta.db_table}_{act}"


def _standing(cursor: object) -> set[str]:
    known = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search\\_%' ESCAPE '\\'",
        "postgresql": "SELECT DISTINCT tgname FROM pg_trigger WHERE tgname LIKE 'search\\_%'",
    }
    cursor.execute(known[connection.vendor])  # type: ignore[attr-defined]
    return {name for (name,) in cursor.fetchall()}  # type: ignore[attr-defined]


def _statements(sources: Sequence[Source]) -> Iterator[str]:
    if sources and connection.vendor == "postgresql":
        yield _FUNCTION
    for model, kind, field in sources:
        table, column = model._meta.db_table, model._meta.get_field(field).column  # type: ignore[union-attr]
        if connection.vendor == "postgresql":
            name = _name(model, "ins")
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield (
                f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION search_marks('{kind}', '{column}')"
            )
            continue
        for act, when, row in (
            ("ins", "INSERT", "NEW"),
            ("upd", "UPDATE", "NEW"),
            ("old", "UPDATE", "OLD"),
            ("del", "DELETE", "OLD"),
        ):
            moved = f" WHEN OLD.{column} IS NOT NEW.{column}" if act == "old" else ""
            yield f"DROP TRIGGER IF EXISTS {_name(model, act)}"
            mark = f"VALUES ('{kind}', CAST({row}.{column} AS TEXT))"
            yield (
                f"CREATE TRIGGER {_name(model, act)} AFTER {when} ON {table}{moved} BEGIN"
                f" INSERT INTO portal_searchstale (kind, key) {mark}; END"
            )


_FUNCTION = """
CREATE OR REPLACE FUNCTION search_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text; after text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO before USING OLD;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO after USING NEW;
  END IF;
  IF after IS NOT NULL THEN INSERT INTO portal_searchstale (kind, key) VALUES (TG_ARGV[0], after); END IF;
  IF before IS NOT NULL AND before IS DISTINCT FROM after THEN
    INSERT INTO portal_searchstale (kind, key) VALUES (TG_ARGV[0], before);
  END IF;
  RETURN NULL;
END $$
"""
