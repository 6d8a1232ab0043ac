"""The sheets of the ground that come in: one declaration for each kind (domain.md §8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from common.sheets.fields import Context, Known, MunicipalityCode, Problem, SheetField, Whole, Year
from common.sheets.kinds import ModelSheetKind, register
from common.sheets.rows import Rows

from . import duties
from .models import Municipality, PopulationFigure, PopulationSeries

CODE_NAMES = ("コード", "市区町村コード", "市町村コード", "地方公共団体コード", "全国地方公共団体コード", "地域コード")


@register
class PopulationActuals(ModelSheetKind):
    """I-03 人口実績: census and register figures, one row per municipality, source and year."""

    class Sheet:
        id, title = "I-03", "人口実績"
        action = duties.MASTER
        model = PopulationFigure

    code = SheetField(
        "団体コード", MunicipalityCode(), attribute="municipality_id", key=True, required=True, synonyms=CODE_NAMES
    )
    series = SheetField("出典", Known("series"), attribute="series_id", key=True, required=True, synonyms=("系列",))
    year = SheetField("年", Year(), attribute="year", key=True, required=True, synonyms=("調査年", "西暦"))
    total = SheetField(
        "総人口", Whole("人"), attribute="total", required=True, synonyms=("人口", "人口総数", "人口（総数）", "総数")
    )
    young = SheetField("0-14歳", Whole("人"), attribute="age_0_14", synonyms=("15歳未満", "年少人口", "0～14歳"))
    working = SheetField("15-64歳", Whole("人"), attribute="age_15_64", synonyms=("生産年齢人口", "15～64歳"))
    old = SheetField("65歳以上", Whole("人"), attribute="age_65_over", synonyms=("老年人口", "高齢者人口"))

    def prepare(self, ctx: Context) -> None:
        ctx.lookups["municipalities"] = set(Municipality.objects.values_list("code", flat=True))
        actual = PopulationSeries.objects.filter(kind=PopulationSeries.Kind.ACTUAL)
        ctx.lookups["series"] = {
            word: code for code, name in actual.values_list("code", "name") for word in (name, code)
        }

    def rows(self, ctx: Context) -> QuerySet[Any]:
        return PopulationFigure.objects.filter(series__in=set(ctx.lookups["series"].values()))

    def check(self, records: Rows, ctx: Context) -> Iterator[Problem]:
        """E-17: the three age groups may not be more than everybody (people of unknown age are in no group)."""
        if not {"young", "working", "old"} <= records.columns.keys():
            return
        groups = zip(records["total"], records["young"], records["working"], records["old"], strict=True)
        for at, (total, *ages) in enumerate(groups):
            if total is not None and None not in ages and sum(ages) > total:
                yield Problem(at, "total", "E-17", {"difference": sum(ages) - total})
