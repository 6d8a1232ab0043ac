"""The prefecture overview: frames on a map, indicators beside their official values, budget, bureaus."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from common.access import needs
from common.asked_day import day_asked
from common.fiscal_year import FiscalYear
from common.request import Request
from common.sheets.exporting import Export, export_page
from regions.achievement import Standing
from subsidies.budget_chart import budget_chart

from ..context_processors import prefecture_name
from ..duties import INDICATORS
from ..exports import TABLES
from ..indicators import indicators_on
from ..kpi_rollup import Rollup
from ..load import SOURCE
from ..overview import Frame, budget, overview, overview_map


@needs(INDICATORS)
def overview_page(request: Request) -> HttpResponse:
    """Show the prefecture on a day (`?on=令和5年10月1日`, today without it)."""
    on = day_asked(request)
    year, prefecture, name = FiscalYear.of(on), settings.PREFECTURE_CODE, prefecture_name()
    found = overview(prefecture, name, on)
    lines = budget(prefecture, year, request.viewer)
    allotted, granted = (sum(getattr(line, part) for line in lines) for part in ("allotted_yen", "granted_yen"))
    reviewed = sum(line.reviewed_yen for line in lines)
    context = {
        "on": on,
        "fiscal_year": year,
        "overview": found,
        "frames": list(Frame),
        "map": overview_map(found),
        "indicators": indicators_on(prefecture, on),
        "indicators_source": SOURCE,
        "rollup": Rollup(QueryDict(), request.viewer),
        "standings": list(Standing),
        "budget": lines,
        "budget_sums": (allotted, granted, reviewed, allotted - granted),
        "budget_chart": budget_chart(lines, label=f"{year.wareki}の配分と決定。振興局別") if lines else "",
    }
    return render(request, "portal/overview.html", context)


@needs(INDICATORS)
def overview_export(request: Request, table: str) -> HttpResponseBase:
    """One table of the overview (`places`, `bureaus`, `indicators`, `budget`) on the same day, written out."""
    wanted = TABLES.get(table)
    rows = wanted.rows(day_asked(request), request.viewer) if wanted else None
    if wanted is None or rows is None:
        raise Http404
    trail = [("全道の状況", reverse("portal:overview"))]
    return export_page(request, Export(wanted.title, wanted.columns, rows, trail))
