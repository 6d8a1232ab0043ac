"""I-05 隣接: which municipalities touch, by land, over the sea, or as declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from common.sheets import bulk
from common.sheets.fields import Choice, Context, Day, Problem, SheetField, Value
from common.sheets.kinds import SheetKind, register
from common.sheets.rows import Key, Rows

from ..duties import MASTER
from ..models import Adjacency, DataSource
from .towns import FROM_NAMES, TO_NAMES, backward_periods, load_register, town_code, unknown_towns

BROUGHT_IN = "brought_in"  # the source of rows that came by a sheet


@register
class Neighbours(SheetKind):
    """I-05 隣接. The pair is its key, whichever of the two codes stands first."""

    hint = "市町村どうしの隣接。2つのコードの順は問いません。"

    class Sheet:
        id, title = "I-05", "隣接"
        action = MASTER
        model = Adjacency

    a = town_code(
        "コードA", key=True, required=True, attribute="a_id", synonyms=("団体コードA", "市町村コードA", "コード1")
    )
    b = town_code(
        "コードB", key=True, required=True, attribute="b_id", synonyms=("団体コードB", "市町村コードB", "コード2")
    )
    kind = SheetField(
        "区分",
        Choice(
            dict(Adjacency.Kind.choices), also={"海上": "sea", "陸続き": "land", "陸地": "land", "指定隣接": "declared"}
        ),
        required=True,
        attribute="kind",
        synonyms=("隣接区分", "種別"),
        choices=Adjacency.Kind.labels,
        width=8,
    )
    valid_from = SheetField("開始日", Day(), attribute="valid_from", synonyms=FROM_NAMES)
    valid_to = SheetField("終了日", Day(), attribute="valid_to", synonyms=TO_NAMES)

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """Put the smaller code first, as the database keeps a pair."""
        for at, (a, b) in enumerate(zip(columns["a"], columns["b"], strict=True)):
            if a is not None and b is not None and a > b:
                columns["a"][at], columns["b"][at] = b, a
        return ()

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from unknown_towns(records, ctx, "a", "b")
        for at, (a, b) in enumerate(records.keys):
            if a is not None and a == b:
                yield Problem(at, "b", "E-19")
        yield from backward_periods(records, "valid_from", "valid_to")
        others = self._others(records.keys)
        for at, (key, kind) in enumerate(zip(records.keys, records["kind"], strict=True)):
            if kind in others.get(key, ()):
                yield Problem(at, "kind", "E-15", {"period": dict(Adjacency.Kind.choices)[kind]})

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        """The row of each pair; where a pair has several kinds, the one that was entered first."""
        names = [str(one.attribute) for one in ctx.stored]
        rows = Adjacency.objects.filter(a__in={key[0] for key in keys}).order_by("-pk")
        found: dict[Key, tuple[Value, ...]] = {}
        places = [at for at, one in enumerate(ctx.stored) if one.key]
        for row in rows.values_list(*names):
            found[tuple(row[at] for at in places)] = row
        return found

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        if len(new):
            DataSource.objects.get_or_create(
                code=BROUGHT_IN,
                defaults={
                    "title": "一括取込による登録",
                    "publisher": "利用者",
                    "licence": "取り込んだファイルによる",
                    "credit": "利用者の登録による",
                },
            )
            given = {str(one.attribute): new[one.name] for one in ctx.stored}
            crossing = [a[:2] != b[:2] for a, b in new.keys]
            whole = bulk.completed(
                Adjacency, given | {"cross_prefecture": crossing}, {"source_id": BROUGHT_IN}, len(new)
            )
            bulk.insert(Adjacency, whole, len(new))
        if len(changed):
            first = self._first(changed.keys)
            given = {str(one.attribute): changed[one.name] for one in ctx.stored if not one.key}
            bulk.update(Adjacency, ["id"], {"id": [first[key] for key in changed.keys], **given}, len(changed))

    def remove(self, rows: Rows, ctx: Context) -> None:
        first = self._first(rows.keys)
        bulk.delete(Adjacency, {"id": [first[key] for key in rows.keys]}, len(rows))

    def lock(self, ctx: Context) -> None:
        bulk.lock(Adjacency)

    def _first(self, keys: Sequence[Key]) -> dict[Key, int]:
        rows = Adjacency.objects.filter(a__in={key[0] for key in keys}).order_by("-pk")
        return {(a, b): pk for pk, a, b in rows.values_list("pk", "a_id", "b_id")}

    def _others(self, keys: Sequence[Key]) -> dict[Key, set[str]]:
        """The kinds that a pair has beside the row which the sheet would change: each kind stands once."""
        found: dict[Key, list[str]] = {}
        rows = Adjacency.objects.filter(a__in={key[0] for key in keys}).order_by("pk")
        for a, b, kind in rows.values_list("a_id", "b_id", "kind"):
            found.setdefault((a, b), []).append(kind)
        return {key: set(kinds[1:]) for key, kinds in found.items()}
