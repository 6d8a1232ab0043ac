"""I-01 市町村 with the office it lies under, and I-02 振興局."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from common.errors import Refused
from common.sheets import bulk, values
from common.sheets.fields import Choice, Context, Day, Problem, Reader, SheetField, Text, Value
from common.sheets.kinds import SheetKind, register
from common.sheets.messages import Unreadable
from common.sheets.rows import Key, Rows

from ..duties import MASTER
from ..kana import kana_key
from ..load import RECORDS_BEGIN
from ..models import Bureau, Jurisdiction, Municipality, Prefecture
from .towns import (
    FROM_NAMES,
    REGISTER,
    TO_NAMES,
    TOWN_NAMES,
    Kana,
    Listed,
    TownName,
    backward_periods,
    load_register,
    town_code,
)

BUREAUS = "bureaus"
ONE_DAY = timedelta(days=1)
KIND_WORDS = {
    "政令指定都市": "政令市",
    "指定都市": "政令市",
    "中核市": "市",
    "東京23区": "特別区",
    "区": "特別区",
    "1": "政令市",
    "2": "市",
    "3": "町",
}
_OFFICE = re.compile(r"(総合振興局|振興局|総合支庁|支庁)$")


class OfficeCode(Reader):
    """The code of an office: letters, digits, - and _, as addresses can carry it (E-64)."""

    told = "英数字と - _"
    sample = "sorachi"

    def parse(self, cell: Any, ctx: Context) -> str | None:
        plain = values.code(cell, most=30)
        if plain is not None and not re.fullmatch(r"[-\w]+", plain, re.ASCII):
            raise Unreadable("E-64", reason=f"コード「{plain}」は半角の英数字・「-」・「_」で入力してください。")
        return plain


@register
class Municipalities(SheetKind):
    """I-01 市町村: who exists from when to when, and under which office.

    The office is a dated fact: another one begins on 所管開始日 (today where the sheet names no day) and ends the one
    before. A municipality that ends leaves its office on its last day.
    """

    hint = "市町村の名称・種別・統合と、所管の振興局。振興局が変わると、前の所管は前日で終わります。"

    class Sheet:
        id, title = "I-01", "市町村"
        action = MASTER
        model = Municipality

    code = town_code(key=True, required=True, attribute="code")
    name = SheetField("市町村名", TownName(), required=True, attribute="name", synonyms=TOWN_NAMES, width=16)
    kana = SheetField(
        "ふりがな",
        Kana(),
        attribute="kana",
        synonyms=("フリガナ", "市町村名かな", "市区町村名（カナ）", "読み", "よみがな", "カナ"),
        width=20,
    )
    kind = SheetField(
        "種別",
        Choice({kind.value: kind.value for kind in Municipality.Kind}, also=KIND_WORDS),
        required=True,
        attribute="kind",
        synonyms=("区分", "市町村区分", "市などの別"),
        choices=Municipality.Kind.values,
        width=8,
    )
    bureau = SheetField(
        "振興局コード",
        Listed(BUREAUS, "振興局"),
        attribute="bureau",
        synonyms=("振興局", "総合振興局・振興局", "総合支庁コード", "総合支庁", "所管"),
    )
    since = SheetField("所管開始日", Day(), attribute="since", synonyms=("振興局の開始日",))
    valid_from = SheetField("適用開始日", Day(), attribute="valid_from", synonyms=FROM_NAMES[1:])
    valid_to = SheetField("終了日", Day(), attribute="valid_to", synonyms=TO_NAMES)
    successor = town_code("統合先コード", attribute="successor_id", synonyms=("統合先", "合併先コード", "新団体コード"))

    def prepare(self, ctx: Context) -> None:
        load_register(ctx)
        load_bureaus(ctx)
        ctx.lookups["with offices"] = set(Bureau.objects.values_list("prefecture", flat=True))

    def empty_value(self, field: SheetField) -> Value:
        return "" if field.name == "kana" else None

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """Let the office begin today where it changes and no day is given; else the day stays as it is."""
        if "bureau" in columns and "since" in columns:
            held, opened = _offices(), columns.get("valid_from", [None] * len(columns["code"]))
            for at, (code, bureau, since) in enumerate(
                zip(columns["code"], columns["bureau"], columns["since"], strict=True)
            ):
                if since is None and bureau is not None:
                    columns["since"][at] = _begins(held.get(code), bureau, None, opened[at], ctx)
        return ()

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        register = ctx.lookups[REGISTER]
        known = {code for code in records["code"] if code is not None}
        for at, code in enumerate(records["code"]):
            if code is None:
                continue
            if code[:2] not in register.prefectures:
                yield Problem(at, "code", "E-61", {"what": "都道府県コード", "value": code[:2]})
            elif at in records.bad or code[:2] not in ctx.lookups["with offices"]:
                continue
            elif "bureau" not in records and code not in register:
                yield Problem(at, None, "E-04", {"column": self.fields["bureau"].column_name})
            elif "bureau" in records and records["bureau"][at] is None:
                yield Problem(at, "bureau", "E-05")
        yield from self._successors(records, ctx, known)
        yield from backward_periods(records, "valid_from", "valid_to")
        yield from self._offices_in_turn(records)

    def _successors(self, records: Rows, ctx: Context, known: set[str]) -> Iterable[Problem]:
        """E-07 where the successor is neither registered nor in the sheet, E-64 where it is the municipality itself."""
        if "successor" not in records:
            return
        register = ctx.lookups[REGISTER]
        for at, (code, successor) in enumerate(zip(records["code"], records["successor"], strict=True)):
            if successor is None:
                continue
            if successor == code:
                yield Problem(at, "successor", "E-64", {"reason": "統合先が同じ市町村です。"})
            elif successor not in register and successor not in known:
                yield Problem(at, "successor", "E-07", {"value": successor})

    def _offices_in_turn(self, records: Rows) -> Iterable[Problem]:
        """E-15 where an office would begin before the one that it follows."""
        if "since" not in records or "bureau" not in records:
            return
        held = _offices()
        for at, (code, bureau, since) in enumerate(
            zip(records["code"], records["bureau"], records["since"], strict=True)
        ):
            stands = held.get(code)
            if stands is None or since is None or bureau is None:
                continue
            earlier = stands.before if stands.bureau == bureau else stands.since
            if earlier is not None and since <= earlier:
                yield Problem(at, "since", "E-15", {"period": f"{earlier.year}/{earlier.month}/{earlier.day}～"})

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        plain = [str(one.attribute) for one in ctx.stored if one.name not in ("bureau", "since")]
        rows = Municipality.objects.filter(pk__in=[key[0] for key in keys]).values_list("pk", *plain)
        held = _offices() if len(plain) < len(ctx.stored) else {}
        found: dict[Key, tuple[Value, ...]] = {}
        for code, *told in rows:
            said: dict[str, Value] = dict(zip(plain, told, strict=True))
            office = held.get(code)
            said |= {"bureau": office.bureau if office else None, "since": office.since if office else None}
            found[(code,)] = tuple(said[str(one.attribute)] for one in ctx.stored)
        return found

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        for rows in (new, changed):
            if not len(rows):
                continue
            given: dict[str, Sequence[Any]] = {
                str(one.attribute): rows[one.name] for one in ctx.stored if one.name not in ("bureau", "since")
            }
            if "kana" in given:
                given["kana"] = [kana or "" for kana in given["kana"]]
                given["kana_key"] = [kana_key(kana) for kana in given["kana"]]
            if rows is new:
                self._insert(given, len(rows))
            else:
                bulk.update(Municipality, ["code"], given, len(rows))
            self._move(rows, ctx)

    def _insert(self, given: dict[str, Sequence[Any]], count: int) -> None:
        """Write new municipalities, those that others merge into first."""
        successors = given.get("successor_id", [None] * count)
        plain = given | {"successor_id": [None] * count}
        plain["prefecture_id"] = [code[:2] for code in given["code"]]
        bulk.insert(Municipality, bulk.completed(Municipality, plain, {}, count), count)
        pairs = [(code, one) for code, one in zip(given["code"], successors, strict=True) if one is not None]
        if pairs:
            codes, ends = zip(*pairs, strict=True)
            bulk.update(Municipality, ["code"], {"code": codes, "successor_id": ends}, len(pairs))

    def _move(self, rows: Rows, ctx: Context) -> None:
        """Let each municipality lie under the office the row names, and under none after its own last day."""
        if "bureau" not in rows:
            return
        held, opened = _offices(), []
        told = ("code", "bureau", "since", "valid_from", "valid_to")
        for code, bureau, begin, first, last in zip(*map(rows.get, told), strict=True):
            stands = held.get(code)
            if bureau is None:
                if stands is not None:  # an undo takes the first office of a municipality away again
                    Jurisdiction.objects.filter(municipality=code, valid_from=stands.since).delete()
                continue
            day = _begins(stands, bureau, begin, first, ctx)
            ended = last if "valid_to" in rows or stands is None else stands.until
            if stands is None:
                opened.append(Jurisdiction(municipality_id=code, bureau_id=bureau, valid_from=day, valid_to=ended))
            elif (stands.bureau, stands.since, stands.until) != (bureau, day, ended):
                _hand_over(code, stands, bureau, day, ended, undoing=ctx.written_at is not None)
        Jurisdiction.objects.bulk_create(opened)

    def remove(self, rows: Rows, ctx: Context) -> None:
        """Take new municipalities out again, with their offices. Raises Refused where one is in use."""
        codes = [key[0] for key in rows.keys]
        keys = {"code": codes}
        Jurisdiction.objects.filter(municipality__in=codes).delete()
        if user := bulk.first_use(Municipality, keys, len(rows)):
            raise Refused(f"{user._meta.verbose_name}から使われている市町村があるため、取り消せません。")
        Municipality.objects.filter(pk__in=codes).update(successor=None)
        bulk.delete(Municipality, keys, len(rows))

    def lock(self, ctx: Context) -> None:
        bulk.lock(Municipality)
        bulk.lock(Jurisdiction)


@register
class Bureaus(SheetKind):
    """I-02 振興局: the offices of a prefecture; a branch names the office above it."""

    hint = "振興局・総合支庁とその出先。"

    class Sheet:
        id, title = "I-02", "振興局"
        action = MASTER
        model = Bureau

    code = SheetField(
        "コード",
        OfficeCode(),
        key=True,
        required=True,
        attribute="code",
        synonyms=("振興局コード", "総合支庁コード", "出先機関コード"),
    )
    name = SheetField(
        "名称", TownName(), required=True, attribute="name", synonyms=("振興局名", "総合支庁名", "正式名称"), width=24
    )
    short_name = SheetField("略称", TownName(), attribute="short_name", synonyms=("略名", "通称"))
    symbol = SheetField("文書記号", Text(20), attribute="symbol", synonyms=("記号", "文書番号記号"))
    parent = SheetField("親コード", OfficeCode(), attribute="parent_id", synonyms=("上位コード", "親組織コード"))
    seat = SheetField("所在地", Text(40), attribute="seat", synonyms=("所在市町村", "位置"))

    def prepare(self, ctx: Context) -> None:
        rows = Bureau.objects.values_list("code", "prefecture", "name", "parent")
        ctx.lookups["standing"] = {code: (prefecture, name, parent) for code, prefecture, name, parent in rows}

    def empty_value(self, field: SheetField) -> Value:
        return "" if field.name in ("symbol", "seat") else None

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """An office without a short name is called by its name without 振興局."""
        if "short_name" in columns:
            for at, (short, name) in enumerate(zip(columns["short_name"], columns["name"], strict=True)):
                if short is None and name is not None:
                    columns["short_name"][at] = short_name(name)
        return ()

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        standing: Mapping[str, tuple[str, str, str | None]] = ctx.lookups["standing"]
        names = {
            (prefecture, name): code
            for code, (prefecture, name, _) in standing.items()
            if code not in set(records["code"])
        }
        for at, (code, name) in enumerate(zip(records["code"], records["name"], strict=True)):
            if code is None or name is None:
                continue
            place = standing[code][0] if code in standing else home_prefecture(ctx)
            if len(name) > 40:
                yield Problem(at, "name", "E-45", {"length": len(name), "limit": 40})
            elif names.setdefault((place, name), code) != code:
                yield Problem(
                    at, "name", "E-64", {"reason": f"「{name}」は既に別のコード（{names[place, name]}）にあります。"}
                )
        yield from self._parents(records, standing)

    def _parents(self, records: Rows, standing: Mapping[str, tuple[str, str, str | None]]) -> Iterable[Problem]:
        """E-61 for an office above that is not known, E-64 for one that is the office itself or lies below it."""
        if "parent" not in records:
            return
        above = {code: parent for code, (_, _, parent) in standing.items()}
        above |= dict(zip(records["code"], records["parent"], strict=True))
        for at, (code, parent) in enumerate(zip(records["code"], records["parent"], strict=True)):
            if code is None or parent is None:
                continue
            if parent not in above:
                yield Problem(at, "parent", "E-61", {"what": "親コード", "value": parent})
            elif parent == code or code in _line(parent, above):
                yield Problem(at, "parent", "E-64", {"reason": "親が同じ振興局、またはその下の組織です。"})

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        names = [str(one.attribute) for one in ctx.stored]
        rows = Bureau.objects.filter(pk__in=[key[0] for key in keys]).values_list("pk", *names)
        return {(code,): tuple(told) for code, *told in rows}

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        if len(new):
            count, given = len(new), {str(one.attribute): new[one.name] for one in ctx.stored}
            short = given.get("short_name") or [short_name(name) for name in given["name"]]
            last = Bureau.objects.order_by("order").values_list("order", flat=True).last() or 0
            whole = given | {
                "short_name": short,
                "head_title": [f"{name.removeprefix(one)}長" for name, one in zip(given["name"], short, strict=True)],
                "order": list(range(last + 1, last + 1 + count)),
                "parent_id": [None] * count,
            }
            constants = {"prefecture_id": home_prefecture(ctx)}
            bulk.insert(Bureau, bulk.completed(Bureau, whole, constants, count), count)
            if "parent_id" in given:
                bulk.update(Bureau, ["code"], {"code": given["code"], "parent_id": given["parent_id"]}, count)
        if len(changed):
            given = {str(one.attribute): changed[one.name] for one in ctx.stored}
            bulk.update(Bureau, ["code"], given, len(changed))

    def remove(self, rows: Rows, ctx: Context) -> None:
        keys = {"code": [key[0] for key in rows.keys]}
        if user := bulk.first_use(Bureau, keys, len(rows)):
            raise Refused(f"{user._meta.verbose_name}から使われている振興局があるため、取り消せません。")
        Bureau.objects.filter(pk__in=keys["code"]).update(parent=None)
        bulk.delete(Bureau, keys, len(rows))

    def lock(self, ctx: Context) -> None:
        bulk.lock(Bureau)


class _Office:
    """The office a municipality lies under, and the one before it."""

    __slots__ = ("before", "bureau", "bureau_before", "since", "until")

    def __init__(self, bureau: str, since: date, until: date | None) -> None:
        self.bureau, self.since, self.until = bureau, since, until
        self.bureau_before: str | None = None
        self.before: date | None = None


def _offices() -> dict[str, _Office]:
    """Return the latest office of every municipality, with the first day of the one before (one query)."""
    found: dict[str, _Office] = {}
    rows = Jurisdiction.objects.order_by("valid_from").values_list("municipality", "bureau", "valid_from", "valid_to")
    for code, bureau, since, until in rows:
        office, earlier = _Office(bureau, since, until), found.get(code)
        if earlier is not None:
            office.bureau_before, office.before = earlier.bureau, earlier.since
        found[code] = office
    return found


def _hand_over(code: str, stands: _Office, bureau: str, day: date, ended: date | None, *, undoing: bool) -> None:
    """Let another office begin, or the same one begin or end on another day; an undo lets the one before come back."""
    spans = Jurisdiction.objects.filter(municipality=code)
    now = spans.filter(valid_from=stands.since)
    before = spans.filter(valid_from=stands.before) if stands.before else spans.none()
    if stands.bureau == bureau:
        now.update(valid_from=day, valid_to=ended)
        before.update(valid_to=day - ONE_DAY)
    elif undoing and stands.bureau_before == bureau:
        now.delete()
        before.update(valid_to=ended)
    else:
        now.update(valid_to=day - ONE_DAY)
        Jurisdiction.objects.create(municipality_id=code, bureau_id=bureau, valid_from=day, valid_to=ended)


def _begins(stands: _Office | None, bureau: str, given: date | None, opened: date | None, ctx: Context) -> date:
    """Return the day from which a municipality lies under an office, where the sheet may name none."""
    if given is not None:
        return given
    if stands is None:
        return opened or RECORDS_BEGIN
    if stands.bureau == bureau:
        return stands.since
    assert ctx.today is not None
    return max(ctx.today, stands.since + ONE_DAY)


def load_bureaus(ctx: Context) -> None:
    """Read the offices once for a sheet: how they may be called, and how they are shown."""
    ctx.lookups[BUREAUS] = bureau_words()
    ctx.lookups[f"names of {BUREAUS}"] = dict(Bureau.objects.values_list("code", "name"))


def bureau_words() -> dict[str, str]:
    """Map every way to name an office to its code: code, name, and the short name where only one has it."""
    words: dict[str, str] = {}
    rows = list(Bureau.objects.values_list("code", "name", "short_name"))
    shorts = [short for _, _, short in rows]
    for code, name, short in rows:
        for word in (code, name, values.name_key(name), *([short] if shorts.count(short) == 1 else [])):
            words[word] = code
    return words


def short_name(name: str) -> str:
    """Return the name of an office without the kind of office: 空知 for 空知総合振興局."""
    return (_OFFICE.sub("", name) or name)[:20]


def home_prefecture(ctx: Context) -> str:
    """Return the prefecture whose offices such a sheet adds: that of the viewer, else that of the portal."""
    code = ctx.viewer.office.code if ctx.viewer.is_prefecture else settings.PREFECTURE_CODE
    return code if Prefecture.objects.filter(pk=code).exists() else settings.PREFECTURE_CODE


def _line(code: str, above: Mapping[str, str | None]) -> set[str]:
    """Return the office and all above it; a circle ends where it closes."""
    found: set[str] = set()
    at: str | None = code
    while at is not None and at not in found:
        found.add(at)
        at = above.get(at)
    return found
