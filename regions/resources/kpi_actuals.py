"""I-10 KPI実績."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from common import clock
from common.fiscal_year import FiscalYear as Year
from common.sheets import bulk, values
from common.sheets.describing import About, about
from common.sheets.fields import Code, Context, FiscalYear, Number, Problem, SheetField, Text, Value, Whole
from common.sheets.kinds import SheetKind, register
from common.sheets.rows import Key, Rows
from common.viewer import SYSTEM, Viewer
from municipalities.resources.places import OfficeCode

from .. import duties, services
from ..models import Kpi, KpiActual, Region
from ..services import ActualEntry

STORED = ("region", "project", "number", "year", "value", "evidence")
NOTHING = ""  # an empty cell of a year that has no actual: the form offers it, nobody has to fill it in


class Actual(Number):
    """A figure; an empty cell stays empty where nothing was reached yet."""

    def pack(self, values: list[Value]) -> list[Any]:
        return [value if value in (None, NOTHING) else str(value) for value in values]

    def unpack(self, packed: list[Any]) -> list[Value]:
        return [text if text in (None, NOTHING) else Decimal(text) for text in packed]


@about.register
def _actual(reader: Actual) -> About:
    return About("数。小数は3桁まで。▲も可。まだ実績のない年度は空欄で構いません", "120")


@dataclass(frozen=True)
class Known:
    """A KPI as the checks need it: its id, what it is called, and the actuals that stand."""

    pk: int
    name: str
    project: str
    cumulative: bool
    source: str
    actuals: Mapping[int, tuple[Decimal, str]]


def regions_of(viewer: Viewer) -> tuple[set[str], set[str]]:
    """Return the codes of the regions that the viewer may know, and of those whose KPIs she may bring in (row 36)."""
    every = Region.objects.all() if viewer is SYSTEM else Region.objects.visible_to(viewer)
    if viewer.is_municipal:
        mine = every.of_member(viewer.office.code, clock.today())
    elif viewer.is_bureau:
        mine = every.filter(lead_bureau=viewer.office.code)
    else:
        mine = every
    return set(every.values_list("pk", flat=True)), set(mine.values_list("pk", flat=True))


def foreign_regions(records: Rows, ctx: Context) -> Iterable[Problem]:
    """E-61 for regions that are not known (here), E-18 for those of others."""
    known, mine = ctx.lookups["regions"]
    for at, code in enumerate(records["region"]):
        if code is not None and code not in known:
            yield Problem(at, "region", "E-61", {"what": "地域コード", "value": code})
        elif code is not None and code not in mine:
            yield Problem(at, "region", "E-18")


class RegionCode(OfficeCode):
    """The code of a region."""

    sample = "A06"


def region_field() -> SheetField:
    """The column 地域コード, part of the key."""
    return SheetField(
        "地域コード",
        RegionCode(),
        key=True,
        required=True,
        attribute="region",
        synonyms=("連携地域コード", "地域番号", "連携地域"),
    )


def project_field() -> SheetField:
    """The column 取組コード, part of the key."""
    return SheetField(
        "取組コード", Code(20), key=True, required=True, attribute="project", synonyms=("取組番号", "事業コード")
    )


@register
class KpiActuals(SheetKind):
    """I-10 KPI実績: what a KPI reached in a fiscal year, and what that rests on.

    The form of a region offers every year that may be filled in; a row whose year has no actual yet and stays empty
    counts as unchanged. An actual that stands is not taken out by an empty cell (E-05). Without words of its own an
    actual rests on the KPI's data source.
    """

    class Sheet:
        id, title = "I-10", "KPI実績"
        action = duties.BRING_IN_KPIS
        model = KpiActual

    hint = "取組のKPIの、年度ごとの実績値と根拠。"

    region = region_field()
    project = project_field()
    number = SheetField(
        "KPI番号", Whole(most=999), key=True, required=True, attribute="number", synonyms=("番号", "指標番号")
    )
    year = SheetField(
        "年度", FiscalYear(), key=True, required=True, attribute="fiscal_year", synonyms=("実績年度", "会計年度")
    )
    value = SheetField("実績値", Actual(3), required=True, attribute="value", synonyms=("実績", "実績数"))
    evidence = SheetField("根拠", Text(200), attribute="evidence", synonyms=("実績の根拠", "根拠資料"), width=30)
    project_name = SheetField("取組名", Text(), synonyms=("取組",), width=24)
    kpi_name = SheetField("KPI名", Text(), synonyms=("指標名", "指標"), width=24)
    unit = SheetField("単位", Text())

    def prepare(self, ctx: Context) -> None:
        ctx.lookups |= {"regions": regions_of(ctx.viewer), "kpis": _known(), "empty": set()}

    def empty_value(self, field: SheetField) -> Value:
        return ""

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """Let empty cells of years without an actual be; fill an empty evidence with what stands, or the source."""
        columns["value"] = [NOTHING if value is None else value for value in columns["value"]]
        if "evidence" in columns:
            columns["evidence"] = [
                told or self._evidence(key, value, ctx)
                for key, value, told in zip(_keys(columns), columns["value"], columns["evidence"], strict=True)
            ]
        return ()

    def _evidence(self, key: Key, value: Value, ctx: Context) -> str:
        known: Known | None = ctx.lookups["kpis"].get(key[:3])
        if known is None or value == NOTHING:
            return ""
        return known.actuals[key[3]][1] if key[3] in known.actuals else known.source

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        yield from foreign_regions(records, ctx)
        kpis: Mapping[Key, Known] = ctx.lookups["kpis"]
        regions = {key[0] for key in kpis} | ctx.lookups["regions"][0]
        projects = {key[:2] for key in kpis}
        today, earlier = Year.of(clock.today()), self._earlier(records, kpis)
        names = zip(records.get("project_name"), records.get("kpi_name"), strict=True)
        told = zip(records.keys, records["value"], records.get("evidence"), names, strict=True)
        for at, (key, value, evidence, (project_name, kpi_name)) in enumerate(told):
            region, project, number, year = key
            if at in records.bad or region not in regions or None in key:
                continue
            known = kpis.get(key[:3])
            if known is None:
                if (region, project) in projects:
                    yield Problem(at, "number", "E-61", {"what": "KPI番号", "value": number})
                else:
                    yield Problem(at, "project", "E-61", {"what": "取組コード", "value": project})
                continue
            yield from self._named(at, known, project_name, kpi_name)
            if value == NOTHING:
                if year in known.actuals or evidence:
                    yield Problem(at, "value", "E-05")
                else:
                    ctx.lookups["empty"].add(key)
                continue
            if year > today:
                yield Problem(at, "year", "E-64", {"reason": "まだ始まっていない年度の実績は入力できません。"})
            if not evidence and not known.source and year not in known.actuals:
                yield Problem(at, "evidence", "E-05", {"column": "根拠"})
            before = earlier.get((key[:3], year))
            if known.cumulative and before is not None and isinstance(value, Decimal) and value < before:
                yield Problem(at, "value", "W-12", {"value": self.fields["value"].reader.render(before)})

    def _named(self, at: int, known: Known, project_name: Value, kpi_name: Value) -> Iterable[Problem]:
        """E-64 where the names beside the codes are those of something else."""
        if kpi_name and values.name_key(kpi_name) != values.name_key(known.name):
            yield Problem(at, "kpi_name", "E-64", {"reason": f"このKPI番号のKPIは「{known.name}」です。"})
        elif project_name and values.name_key(project_name) != values.name_key(known.project):
            yield Problem(at, "project_name", "E-64", {"reason": f"この取組コードの取組は「{known.project}」です。"})

    def _earlier(self, records: Rows, kpis: Mapping[Key, Known]) -> dict[tuple[Key, int], Decimal]:
        """For each KPI and year of the sheet the value of the nearest year before, of the sheet or as it stands."""
        years: dict[Key, dict[int, Decimal]] = {
            key: {year: value for year, (value, _) in known.actuals.items()} for key, known in kpis.items()
        }
        for key, value in zip(records.keys, records["value"], strict=True):
            if isinstance(value, Decimal) and key[:3] in years and isinstance(key[3], int):
                years[key[:3]][key[3]] = value
        found: dict[tuple[Key, int], Decimal] = {}
        for key, values_of in years.items():
            row = sorted(values_of.items())
            found |= {(key, year): before for (_, before), (year, _) in pairwise(row)}
        return found

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        ctx.lookups["kpis"] = kpis = _known()
        found: dict[Key, tuple[Value, ...]] = {}
        for key in keys:
            known: Known | None = kpis.get(key[:3])
            held = known.actuals.get(key[3]) if known else None
            if held is None and key in ctx.lookups["empty"]:
                held = (NOTHING, "")  # type: ignore[assignment]
            if held is not None:
                row = dict(zip(STORED, (*key, *held), strict=True))
                found[key] = tuple(row[one.name] for one in ctx.stored)
        return found

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        kpis: Mapping[Key, Known] = ctx.lookups["kpis"]
        entries = []
        for rows in (changed, new):
            for key, value, evidence in zip(rows.keys, rows["value"], rows.get("evidence"), strict=True):
                known = kpis[key[:3]]
                stands = known.actuals.get(key[3], (None, ""))[1] if "evidence" not in rows else ""
                entries.append(ActualEntry(known.pk, key[3], value, evidence or stands))
        services.record_actuals(entries, viewer=ctx.viewer, by_sheet=True)

    def remove(self, rows: Rows, ctx: Context) -> None:
        kpis = _known()
        entries = [ActualEntry(kpis[key[:3]].pk, key[3], None) for key in rows.keys]
        services.record_actuals(entries, viewer=ctx.viewer, by_sheet=True)

    def lock(self, ctx: Context) -> None:
        bulk.lock(Kpi)


def _known() -> dict[Key, Known]:
    """Every KPI by region, code of the initiative and number."""
    rows = Kpi.objects.select_related("project").prefetch_related("actuals")
    return {
        (row.project.region_id, row.project.code, row.number): Known(
            row.pk,
            row.name,
            row.project.name,
            row.cumulative,
            row.data_source,
            {one.fiscal_year: (one.value, one.evidence) for one in row.actuals.all()},
        )
        for row in rows
    }


def _keys(columns: Mapping[str, Sequence[Value]]) -> Iterable[Key]:
    return zip(columns["region"], columns["project"], columns["number"], columns["year"], strict=True)
