"""Kinds of sheets that come in (I-01 …): a room declares one in its resources.py, the engine does the rest.

    @register
    class PopulationActuals(ModelSheetKind):
        \"\"\"I-03 人口実績.\"\"\"

        class Sheet:
            id, title = "I-03", "人口実績"
            action = duties.MASTER
            model = PopulationFigure

        code = SheetField("団体コード", MunicipalityCode(), key=True, required=True, attribute="municipality_id")
        total = SheetField("総人口", Whole(unit="人"), required=True, attribute="total")

A kind is a resource of django-import-export (`.export()` works), but it is loaded set by set: every hook sees whole
columns, so nothing asks the database row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import connection, models
from django.db.models import Q, QuerySet
from import_export.resources import Resource

from ..access import require
from ..errors import Refused
from ..viewer import SYSTEM, Access, Action, Viewer
from . import bulk
from .fields import Context, Problem, SheetField, Text, Value, Whole
from .rows import Key, Rows, no_rows

FEW = 2_000  # distinct values of a key column that are worth naming to the database


@dataclass(frozen=True)
class Origin:
    """What a sheet is about and where the person came from: the words of the link, its address, and a subject.

    `form` is the address of a form that holds what stands already; without it an empty one is offered.
    """

    label: str
    url: str
    subject: str = ""
    form: str = ""


class SheetKind(Resource):
    """One kind of sheet. `Sheet` holds `id`, `title`, `action` (who may: EDIT) and, if it is one, the `model`."""

    class Sheet:
        id: str = ""
        title: str = ""
        action: Action
        model: type[models.Model]

    id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    hint: ClassVar[str] = ""  # one sentence for the pages that offer the sheet
    parameters: ClassVar[tuple[str, ...]] = ()  # what such a sheet is about, as the address names it ("application")
    stand_ins: ClassVar[Mapping[str, str]] = {}  # {"code": "name"}: `complete` can fill the first from the second

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.id, cls.title = cls.Sheet.id, cls.Sheet.title
        for name, one in cls.fields.items():
            one.name = name

    @property
    def declared(self) -> tuple[SheetField, ...]:
        """The fields in the order of their declaration."""
        return tuple(self.fields.values())

    @property
    def key_fields(self) -> tuple[SheetField, ...]:
        return tuple(one for one in self.declared if one.key)

    def allows(self, viewer: Viewer) -> bool:
        """Whether this person may bring in such a sheet at all; rows outside her territory are E-18 of `check`."""
        return viewer is SYSTEM or viewer.may(self.Sheet.action, Access.EDIT)

    def demand(self, viewer: Viewer) -> None:
        """Raise PermissionDenied with a sentence unless the viewer may."""
        if not self.allows(viewer):
            require(viewer, self.Sheet.action, Access.EDIT)

    def form_fields(self, ctx: Context) -> tuple[SheetField, ...]:
        """The columns of the empty form: those declared and those that stand in where no heading names others."""
        return (*self.declared, *self.fields_of((), ctx))

    # ------------------------------------------------------------------------------------ what a kind may override

    def origin(self, parameters: Mapping[str, Any], viewer: Viewer) -> Origin | None:
        """What such a sheet is about (kinds with `parameters`). Raises DoesNotExist if the viewer may not see it."""
        return None

    def fields_of(self, headings: Sequence[str], ctx: Context) -> tuple[SheetField, ...]:
        """Further fields that these headings stand for (one for each year); their `name` must be set."""
        return ()

    def prepare(self, ctx: Context) -> None:
        """Load into `ctx.lookups` what readers and checks need to know; called once before anything is read."""

    def allows_empty_key(self, field: SheetField) -> bool:
        """Whether a key cell may be empty (a date that is not known) although others name the row with it."""
        return False

    def empty_value(self, field: SheetField) -> Value:
        """What an empty cell of this column is stored as."""
        return None

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """Fill cells that others tell (the code of a name), in place, before keys are compared; tell what is not clear.

        Cells that stay empty although the column is required become E-05 afterwards.
        """
        return ()

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        """Findings across fields and rows; cells that could not be read are None and reported already."""
        return ()

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        """The rows that stand now under these keys (others may be among them): values in the order of `ctx.stored`."""
        raise AttributeError(f"{type(self).__name__} names no model and says nothing of standing rows")

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        """Write new and changed rows, inside the engine's transaction. May raise Refused: then nothing is written."""
        raise AttributeError(f"{type(self).__name__} names no model and does not write")

    def remove(self, rows: Rows, ctx: Context) -> None:
        """Take out rows that this import brought in (undo). May raise Refused."""
        raise AttributeError(f"{type(self).__name__} names no model and does not remove")

    def take_back(self, new: Rows, changed: Rows, ctx: Context) -> None:
        """Undo a write: changed rows get their old values (`changed` holds them), then new rows go. May raise Refused.

        `ctx.written_at` is the moment of the write.
        """
        if len(changed):
            self.write(no_rows(ctx.fields), changed, ctx)
        if len(new):
            self.remove(new, ctx)

    def lock(self, ctx: Context) -> None:
        """Keep others from writing these rows until the transaction ends; called before rows are compared again."""

    def touched(self, rows: Rows, ctx: Context) -> int | None:
        """The index of the first new row that somebody added to since (in columns the sheet does not have), or None."""
        return None

    def after(self, ctx: Context) -> None:
        """What follows a write or an undo inside the transaction: forget caches, refresh what is derived."""


class PeriodsKind(SheetKind):
    """A sheet of dated rows, of which only one may be open at a time (memberships, posts)."""

    def take_back(self, new: Rows, changed: Rows, ctx: Context) -> None:
        """Take new periods out before the old ones are opened again."""
        if len(new):
            self.remove(new, ctx)
        if len(changed):
            self.write(no_rows(ctx.fields), changed, ctx)


class ModelSheetKind(SheetKind):
    """A kind where one row of the sheet is one row of `Sheet.model`, found by the key fields' attributes.

    Readers that name no limit of their own take that of the model's column, so that what does not fit is found early.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for one in self.declared:
            column, reader = self._column(one), one.reader
            if isinstance(reader, Text) and isinstance(column, models.CharField):
                reader.most = reader.most or column.max_length
            elif isinstance(reader, Whole) and isinstance(column, models.IntegerField):
                largest = connection.ops.integer_field_range(column.get_internal_type())[1]
                reader.most = min(reader.most, largest or reader.most)

    def get_queryset(self) -> QuerySet[Any]:
        """What the stock export of django-import-export writes."""
        return self.Sheet.model._default_manager.all()

    def rows(self, ctx: Context) -> QuerySet[Any]:
        """The rows that such a sheet is about (all of the model; a kind may narrow it)."""
        return self.Sheet.model._base_manager.all()

    def constants(self, ctx: Context) -> Mapping[str, Any]:
        """Attributes (`source_id`) that every new row gets beside those of the sheet."""
        return {}

    def empty_value(self, field: SheetField) -> Value:
        """Text columns that know no NULL keep an empty text."""
        column = self._column(field)
        return "" if isinstance(column, models.CharField | models.TextField) and not column.null else None

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        fields = ctx.stored
        found = bulk.read(self._under(keys, ctx), [str(one.attribute) for one in fields])
        return dict(zip(_picked(found, [at for at, one in enumerate(fields) if one.key]), found, strict=True))

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        model, fields = self.Sheet.model, ctx.stored
        if len(new):
            given = {str(one.attribute): new[one.name] for one in fields}
            bulk.insert(model, bulk.completed(model, given, self.constants(ctx), len(new)), len(new))
        if len(changed):
            keys = [str(one.attribute) for one in ctx.keys]
            bulk.update(model, keys, {str(one.attribute): changed[one.name] for one in fields}, len(changed))

    def remove(self, rows: Rows, ctx: Context) -> None:
        model = self.Sheet.model
        keys = {str(one.attribute): rows[one.name] for one in ctx.keys}
        if user := bulk.first_use(model, keys, len(rows)):
            raise Refused(f"{user._meta.verbose_name}から使われている行があるため、取り消せません。")
        bulk.delete(model, keys, len(rows))

    def lock(self, ctx: Context) -> None:
        bulk.lock(self.Sheet.model)

    def touched(self, rows: Rows, ctx: Context) -> int | None:
        """Compare what an import of these columns left in the model's other columns with what stands there now."""
        fields = ctx.stored
        given = {str(one.attribute) for one in fields}
        left = bulk.defaults(self.Sheet.model, self.constants(ctx), lasting=True)
        others = {name: value for name, value in left.items() if name not in given}
        if not others:
            return None
        keys = ctx.keys
        found = bulk.read(self._under(rows.keys, ctx), [*(str(one.attribute) for one in keys), *others])
        wanted = tuple(others.values())
        strange = {row[: len(keys)] for row in found if row[len(keys) :] != wanted}
        return next((at for at, key in enumerate(rows.keys) if key in strange), None)

    def _column(self, field: SheetField) -> models.Field[Any, Any] | None:
        return next((one for one in self.Sheet.model._meta.concrete_fields if one.attname == field.attribute), None)

    def _under(self, keys: Sequence[Key], ctx: Context) -> QuerySet[Any]:
        """Narrow the rows to those whose key columns hold values of the sheet; a superset of what is asked."""
        found = self.rows(ctx)
        for at, one in enumerate(ctx.keys):
            named = {key[at] for key in keys}
            if len(named) <= FEW:
                empty = Q(**{f"{one.attribute}__isnull": True}) if None in named else Q()
                found = found.filter(Q(**{f"{one.attribute}__in": named - {None}}) | empty)
        return found


Declared = TypeVar("Declared", bound=type[SheetKind])
_kinds: dict[str, type[SheetKind]] = {}


def register(kind: Declared) -> Declared:
    """Let the engine know a kind (decorator). Raises ValueError when another one has its id."""
    if _kinds.setdefault(kind.id, kind) is not kind:
        raise ValueError(f"sheet kind {kind.id} is registered twice")
    return kind


def kind_of(id: str) -> SheetKind:
    """Return a fresh instance of the kind (it may keep what it prepared). Raises KeyError."""
    return _kinds[id]()


def all_kinds() -> list[SheetKind]:
    """Return every kind, by id."""
    return [_kinds[id]() for id in sorted(_kinds)]


def _picked(rows: Sequence[tuple[Value, ...]], places: Sequence[int]) -> Iterable[Key]:
    return zip(*([row[at] for row in rows] for at in places), strict=True) if rows else ()
