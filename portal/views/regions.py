"""The list of regions and the record of one (連携地域カルテ): what `regions` and `subsidies` know together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString

from common import clock
from common.access import needs
from common.fiscal_year import FiscalYear
from common.request import Request
from common.sheets.writing import Column, csv_lines, xlsx
from common.viewer import Access
from municipalities.maps import municipality_map
from municipalities.population_chart import show
from regions import duties
from regions.karte import karte
from regions.models import Region
from regions.views.common import page_of, plans_papers, region_or_404

from ..region_export import FORMS, XLSX, list_columns, member_columns
from ..region_history import history_of, support_happenings, support_label
from ..region_list import RegionFilter, programs_of

MAP_SIZE = (336, 300)


@needs(duties.REGION)
def region_list(request: Request) -> HttpResponse:
    """Regions this office may know, by bureau, state, program and words, page by page."""
    filters = RegionFilter(request.GET, request.viewer)
    page = page_of(filters.rows(), request)
    for region in page:
        region.programs = programs_of(region.supported)
    may_propose = request.viewer.may(duties.REGION, Access.EDIT)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "filters": filters,
        "form": filters.form,
        "may_propose": may_propose,
        "kept": kept.urlencode(),
    }
    return render(request, "regions/region_list.html", context)


@needs(duties.REGION)
def region_export(request: Request, form: str) -> HttpResponseBase:
    """The rows of the list, all pages, as .xlsx or CSV (UTF-8)."""
    rows = RegionFilter(request.GET, request.viewer).rows()
    return _sheet(form, "連携地域", list_columns(), rows)


def region_members(request: Request, code: str, form: str) -> HttpResponseBase:
    """The members of one region with their population, as .xlsx or CSV (UTF-8)."""
    region = region_or_404(request, code, duties.REGION)
    record = karte(region, request.viewer, clock.today(), own=False)
    return _sheet(form, f"構成_{region.pk}", member_columns(region), record.members)


def region_detail(request: Request, code: str) -> HttpResponse:
    """Everything about one region on one page, as far as this office may see it."""
    region, viewer, today = region_or_404(request, code, duties.REGION), request.viewer, clock.today()
    own = Region.objects.own_to(viewer).filter(pk=region.pk).exists()
    record = karte(region, viewer, today, own=own)
    this_year = FiscalYear.of(today)
    history = history_of(region, record.links, this_year, with_money=own)
    happenings = [*record.happenings, *support_happenings(history.support)]
    leads = viewer.office.code in (region.lead_id, region.lead_bureau_id)
    planner = plans_papers(request, region)
    codes = [line.town.code for line in record.members]
    context = {
        "karte": record,
        "people": show(record.census, record.projection, record.name) if record.census and record.projection else None,
        "map": _map(record.name, codes, [line.town.name for line in record.members]) if codes else "",
        "region": region,
        "history": history,
        "support": support_label(history.support, this_year),
        "happenings": sorted(happenings, key=lambda one: one.on, reverse=True),
        "planner": planner,
        "may_edit": viewer.may(duties.REGION, Access.EDIT) and (planner or viewer.office.code == region.lead_bureau_id),
        "may_assess": viewer.may(duties.STAGE, Access.EDIT) and viewer.office.code == region.lead_bureau_id,
        "may_close": viewer.may(duties.REGION, Access.SUBMIT) and leads,
    }
    return render(request, "regions/region_detail.html", context)


def _sheet(form: str, name: str, columns: Sequence[Column[Any]], rows: Iterable[Any]) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404
    name = f"{name}_{clock.today():%Y%m%d}"
    if form == "xlsx":
        return FileResponse(xlsx("一覧", columns, rows), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name + '.csv')}"
    return response


def _map(name: str, codes: list[str], names: list[str]) -> SafeString:
    label = f"{name}の位置。{'、'.join(names)}"
    return municipality_map(codes, label=label, members=codes, names="full", size=MAP_SIZE)
