"""I-09 取組・KPI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from common.sheets import bulk, values
from common.sheets.describing import About, about
from common.sheets.fields import (
    Cell,
    Choice,
    Context,
    FiscalYear,
    Number,
    Problem,
    Reader,
    SheetField,
    Text,
    Value,
    Whole,
)
from common.sheets.kinds import SheetKind, register
from common.sheets.messages import Unreadable
from common.sheets.rows import Key, Rows, no_rows

from .. import duties
from ..models import Field, Kpi, Project, Region
from ..models.kpi import NEW
from ..querysets import CLOSED_STATES
from ..services import KpiDraft
from ..services.kpi_sheets import InitiativeRow, drop_plans, keep_plans
from ..services.kpis import BACKWARDS, backwards
from .kpi_actuals import foreign_regions, project_field, region_field, regions_of

BETWEEN = "；"
CUMULATIVE = {True: "累計", False: "単年度"}
OF_PROJECT = ("project_name", "fields_of_project", "from_fy", "to_fy")
MUST = ("kpi_name", "unit", "kind", "direction", "baseline", "target_fy")
EMPTY_TEXTS = ("fields_of_project", "kpi_name", "unit", "qualifier", "data_source")
DRAFT = {
    "kpi_name": "name",
    "unit": "unit",
    "kind": "kind",
    "direction": "direction",
    "cumulative": "cumulative",
    "baseline": "baseline",
    "baseline_fy": "baseline_fy",
    "target": "target",
    "qualifier": "qualifier",
    "target_fy": "target_fy",
    "data_source": "data_source",
}


class Baseline(Number):
    """A figure, or the word 新規 where nothing was measured before."""

    def parse(self, cell: Cell, ctx: Context) -> Value:
        return NEW if isinstance(cell, str) and cell.strip() == NEW else super().parse(cell, ctx)

    def unpack(self, packed: list[Any]) -> list[Value]:
        return [text if text in (None, NEW) else Decimal(text) for text in packed]


@about.register
def _baseline(reader: Baseline) -> About:
    return About(f"数、または前に測ったことがなければ「{NEW}」", NEW)


class FieldList(Reader):
    """Policy fields by name or code, separated by ；, the main one first. Held as codes with ； between."""

    told = "分野の名称。複数あるときは「；」で区切り、主な分野を先に書く"
    sample = "防災；人材の育成"

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        plain = values.text(cell)
        if plain is None:
            return None
        known: Mapping[str, str] = ctx.lookups["fields"]
        by_name = {values.name_key(name): code for code, name in known.items()}
        codes = []
        for word in filter(None, re.split(r"[；;、,，\n]", plain)):
            code = word.strip() if word.strip() in known else by_name.get(values.name_key(word))
            if code is None:
                raise Unreadable("E-44", value=word.strip(), choices="、".join(known.values()))
            codes.append(code)
        return BETWEEN.join(dict.fromkeys(codes)) or None

    def shown(self, value: Value, ctx: Context) -> str:
        """The names of the fields."""
        known: Mapping[str, str] = ctx.lookups["fields"]
        return BETWEEN.join(known.get(code, code) for code in str(value or "").split(BETWEEN))


@register
class KpiPlans(SheetKind):
    """I-09 取組・KPI: one row for each KPI of an initiative; a row without KPI番号 is an initiative alone.

    What a row says of the initiative has to be the same in all its rows. A new initiative takes the code of the sheet;
    an initiative that stands keeps its name (names change from a year on, on the page). Planned values of single years
    stay as they are.
    """

    class Sheet:
        id, title = "I-09", "取組・KPI"
        action = duties.BRING_IN_KPIS
        model = Kpi

    hint = "連携地域の取組と、そのKPIの基準値・目標値。"

    region = region_field()
    project = project_field()
    project_name = SheetField("取組名", Text(80), required=True, attribute="name", synonyms=("事業名",), width=28)
    fields_of_project = SheetField(
        "分野", FieldList(), required=True, attribute="fields", synonyms=("取組の分野", "政策分野"), width=18
    )
    from_fy = SheetField(
        "開始年度", FiscalYear(), required=True, attribute="from_fy", synonyms=("取組の開始年度", "事業開始年度")
    )
    to_fy = SheetField("終了年度", FiscalYear(), attribute="to_fy", synonyms=("取組の終了年度", "事業終了年度"))
    number = SheetField("KPI番号", Whole(most=999), key=True, attribute="number", synonyms=("番号", "指標番号"))
    kpi_name = SheetField("KPI名", Text(100), attribute="kpi_name", synonyms=("指標名", "指標"), width=28)
    unit = SheetField("単位", Text(20), attribute="unit")
    kind = SheetField("種別", Choice(dict(Kpi.Kind.choices)), attribute="kind", choices=Kpi.Kind.labels)
    direction = SheetField(
        "方向",
        Choice(
            dict(Kpi.Direction.choices), also={"増": "up", "減": "down", "維持": "keep", "増加": "up", "減少": "down"}
        ),
        attribute="direction",
        choices=Kpi.Direction.labels,
    )
    baseline = SheetField("基準値", Baseline(3), attribute="baseline", synonyms=("現状値", "基準"))
    baseline_fy = SheetField("基準年度", FiscalYear(), attribute="baseline_fy", synonyms=("現状値の年度",))
    target = SheetField("目標値", Number(3), attribute="target", synonyms=("目標",))
    qualifier = SheetField(
        "条件",
        Choice(
            {value: label for value, label in Kpi.Qualifier.choices if value},
            also={"（なし）": "", "なし": "", "全市町村": "all"},
        ),
        attribute="qualifier",
    )
    target_fy = SheetField("目標年度", FiscalYear(), attribute="target_fy", synonyms=("目標値の年度",))
    cumulative = SheetField(
        "累計",
        Choice(CUMULATIVE, also={"○": True, "〇": True, "×": False}),
        attribute="cumulative",
        synonyms=("累計区分",),
    )
    data_source = SheetField("データの出所", Text(120), attribute="data_source", synonyms=("出所", "データの出典"))

    def prepare(self, ctx: Context) -> None:
        ctx.lookups |= {"regions": regions_of(ctx.viewer), "fields": dict(Field.objects.values_list("code", "name"))}

    def allows_empty_key(self, field: SheetField) -> bool:
        return field.name == "number"

    def empty_value(self, field: SheetField) -> Value:
        return "" if field.name in EMPTY_TEXTS else False if field.name == "cumulative" else None

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from foreign_regions(records, ctx)
        closed = dict(Region.objects.filter(state__in=CLOSED_STATES).values_list("pk", "name"))
        names = {(region, code): name for region, code, name in Project.objects.values_list("region", "code", "name")}
        columns = {one.name: records.get(one.name) for one in self.declared}
        seen: dict[Key, int] = {}
        for at, key in enumerate(zip(records["region"], records["project"], strict=True)):
            row = {name: column[at] for name, column in columns.items()}
            if key[0] in closed:
                yield Problem(at, "region", "E-20", {"subject": closed[key[0]]})
            known = names.get(key)
            if (
                known is not None
                and row["project_name"]
                and values.name_key(row["project_name"]) != values.name_key(known)
            ):
                reason = f"登録されている名称は「{known}」です。名称は、画面で年度を指定して変えてください。"
                yield Problem(at, "project_name", "E-64", {"reason": reason})
            if None not in (row["from_fy"], row["to_fy"]) and row["to_fy"] < row["from_fy"]:
                yield Problem(at, "to_fy", "E-64", {"reason": "終了年度が開始年度より前です。"})
            first = seen.setdefault(key, at)
            for name in OF_PROJECT:
                if name in records and columns[name][first] != row[name]:
                    told = {"other_row": records.numbers[first], "other": self._shown(name, columns[name][first], ctx)}
                    yield Problem(at, name, "E-63", told)
            yield from self._kpi(at, row, records)

    def _kpi(self, at: int, row: Mapping[str, Value], records: Rows) -> Iterable[Problem]:
        """What a row with a KPI has to say, and that a row without one says nothing of a KPI."""
        if at in records.bad and row["number"] is None:
            return
        if row["number"] is None:
            if any(row[name] not in (None, "", False) for name in DRAFT):
                yield Problem(at, "number", "E-05")
            return
        for name in MUST:
            if row[name] in (None, "") and at not in records.bad:
                yield Problem(at, name, "E-05", {"column": self.fields[name].heading})
        if isinstance(row["baseline"], Decimal):
            if row["baseline_fy"] is None and "baseline_fy" in records:
                yield Problem(at, "baseline_fy", "E-75")
            if backwards(row["baseline"], row["target"], row["direction"]):
                yield Problem(at, "target", "E-64", {"reason": BACKWARDS})
        if "target" in records and row["target"] is None and row["qualifier"] != Kpi.Qualifier.ALL:
            yield Problem(at, "target", "E-76")
        if None not in (row["baseline_fy"], row["target_fy"]) and row["target_fy"] <= row["baseline_fy"]:
            yield Problem(at, "target_fy", "E-77")

    def _shown(self, name: str, value: Value, ctx: Context) -> str:
        reader: Reader = self.fields[name].reader
        return reader.shown(value, ctx)

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        regions = {key[0] for key in keys}
        projects = Project.objects.filter(region__in=regions).prefetch_related("fields", "kpis")
        found = {}
        for project in projects:
            of_project = _project_values(project)
            for kpi in (None, *project.kpis.all()):
                row = of_project | _kpi_values(kpi)
                key = (project.region_id, project.code, row["number"])
                found[key] = tuple(row[one.name] for one in ctx.stored)
        return found

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        initiatives: dict[tuple[str, str], InitiativeRow] = {}
        kpis: dict[tuple[str, str, int], KpiDraft] = {}
        stand = _standing_drafts({key[0] for rows in (changed, new) for key in rows.keys})
        for rows in (changed, new):
            names = [one.name for one in ctx.stored]
            for told in rows.tuples(ctx.stored):
                row = dict(zip(names, told, strict=True))
                project, number = (row["region"], row["project"]), row["number"]
                held = stand.get(project, {}).get(None, {})
                given = {name: row.get(name, held.get(name)) for name in OF_PROJECT}
                codes = tuple(code for code in str(given["fields_of_project"] or "").split(BETWEEN) if code)
                name, from_fy = str(given["project_name"]), int(given["from_fy"] or 0)
                initiatives[project] = InitiativeRow(name, codes, from_fy, given["to_fy"])
                if number is not None:
                    kpis[(*project, number)] = _draft(row, stand.get(project, {}).get(number))
        keep_plans(initiatives, kpis, viewer=ctx.viewer)

    def take_back(self, new: Rows, changed: Rows, ctx: Context) -> None:
        """Take new rows out first: what made an initiative goes with its last KPI."""
        if len(new):
            self.remove(new, ctx)
        if len(changed):
            self.write(no_rows(ctx.fields), changed, ctx)

    def remove(self, rows: Rows, ctx: Context) -> None:
        drop_plans([(key[0], key[1], key[2]) for key in rows.keys], viewer=ctx.viewer)

    def lock(self, ctx: Context) -> None:
        bulk.lock(Project)
        bulk.lock(Kpi)


def _project_values(project: Project) -> dict[str, Value]:
    """An initiative as the sheet has it: its fields as codes, the main one first."""
    codes = sorted(field.pk for field in project.fields.all())
    main = [project.main_field_id] if project.main_field_id else []
    return {
        "region": project.region_id,
        "project": project.code,
        "project_name": values.text(project.name),
        "fields_of_project": BETWEEN.join(dict.fromkeys([*main, *codes])),
        "from_fy": project.from_fy,
        "to_fy": project.to_fy,
    }


def _kpi_values(kpi: Kpi | None) -> dict[str, Value]:
    """A KPI as the sheet has it; empty cells for an initiative alone."""
    if kpi is None:
        empty: dict[str, Value] = dict.fromkeys(DRAFT)
        return empty | {
            "number": None,
            "kpi_name": "",
            "unit": "",
            "qualifier": "",
            "data_source": "",
            "cumulative": False,
        }
    row: dict[str, Value] = {name: getattr(kpi, attribute) for name, attribute in DRAFT.items()}
    row |= {name: values.text(row[name]) or "" for name in ("kpi_name", "unit", "data_source")}
    return row | {"number": kpi.number, "baseline": NEW if kpi.baseline_is_new else kpi.baseline}


def _standing_drafts(regions: set[str]) -> dict[tuple[str, str], dict[int | None, dict[str, Value]]]:
    """For each initiative its own values under None and those of its KPIs by number, with the planned years."""
    rows = Project.objects.filter(region__in=regions).prefetch_related("fields", "kpis__targets")
    found: dict[tuple[str, str], dict[int | None, dict[str, Value]]] = {}
    for project in rows:
        held = found.setdefault((project.region_id, project.code), {None: _project_values(project)})
        for kpi in project.kpis.all():
            held[kpi.number] = _kpi_values(kpi) | {"yearly": {one.fiscal_year: one.value for one in kpi.targets.all()}}
    return found


def _draft(row: Mapping[str, Value], held: Mapping[str, Value] | None) -> KpiDraft:
    """What a row says of a KPI; columns that the sheet does not have stay as they stand."""
    before = held or _kpi_values(None) | {"yearly": {}}
    given = {attribute: row.get(name, before[name]) for name, attribute in DRAFT.items()}
    given["baseline"] = None if given["baseline"] == NEW else given["baseline"]
    return KpiDraft(**given, yearly=before["yearly"])
