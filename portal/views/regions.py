"""The list of regions and the record of one (連携地域カルテ): what `regions` and `subsidies` know together."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from common import clock
from common.access import needs
from common.fiscal_year import FiscalYear
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from municipalities.duties import FORECAST
from municipalities.maps import municipality_map
from municipalities.population_chart import show
from regions import duties
from regions.karte import karte
from regions.models import Region
from regions.timeline import region_timeline
from regions.timeline_picture import timeline_picture
from regions.views.common import page_of, plans_papers, region_or_404
from subsidies.follow_up_list import follow_ups_of_region

from ..region_export import list_columns, member_columns
from ..region_history import history_of, support_happenings, support_label, support_spans
from ..region_life import life_of
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
    context = {
        "page": page,
        "filters": filters,
        "form": filters.form,
        "may_propose": may_propose,
        "may_read_kpis": request.viewer.may(duties.KPI),
    }
    return render(request, "regions/region_list.html", context)


@needs(duties.REGION)
def region_export(request: Request) -> HttpResponseBase:
    """The rows of the list, all pages, written out."""
    rows = RegionFilter(request.GET, request.viewer).rows()
    return export_page(request, Export("連携地域一覧", list_columns(), rows, [_list_step()]))


def region_members(request: Request, code: str) -> HttpResponseBase:
    """The members of one region with their population, written out."""
    region = region_or_404(request, code, duties.REGION)
    record = karte(region, request.viewer, clock.today(), own=False)
    trail = [_list_step(), (region.name, reverse("regions:region_detail", args=[region.pk]))]
    return export_page(request, Export(f"構成市町村_{region.pk}", member_columns(region), record.members, trail))


def region_detail(request: Request, code: str) -> HttpResponse:
    """Everything about one region on one page, as far as this office may see it."""
    region, viewer, today = region_or_404(request, code, duties.REGION), request.viewer, clock.today()
    own = Region.objects.own_to(viewer).filter(pk=region.pk).exists()
    record = karte(region, viewer, today, own=own)
    this_year = FiscalYear.of(today)
    history = history_of(region, record.links, this_year, with_money=own)
    happenings = [*record.happenings, *support_happenings(history.support)]
    planner = plans_papers(request, region)
    timeline = region_timeline(region, viewer, today, support_spans(history.support))
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
        "reads_projects": viewer.may(duties.VISION),
        "may_forecast": viewer.may(FORECAST) and bool(codes),
        "may_edit": viewer.may(duties.REGION, Access.EDIT) and (planner or viewer.office.code == region.lead_bureau_id),
        "may_assess": viewer.may(duties.STAGE, Access.EDIT) and viewer.office.code == region.lead_bureau_id,
        "follow_ups": follow_ups_of_region(region.pk, viewer),
        "timeline": timeline,
        "timeline_picture": timeline_picture(timeline) if timeline else "",
        **life_of(region, viewer, [line.town for line in record.members], today, own=own),
    }
    return render(request, "regions/region_detail.html", context)


def _list_step() -> tuple[str, str]:
    return "連携地域", reverse("regions:region_list")


def _map(name: str, codes: list[str], names: list[str]) -> SafeString:
    label = f"{name}の位置。{'、'.join(names)}"
    return municipality_map(codes, label=label, members=codes, names="full", size=MAP_SIZE)
