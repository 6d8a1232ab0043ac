"""Pages on municipalities: the list with its filters, and one municipality with its people and neighbours."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common import clock
from common.access import needs
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page

from . import profile, services
from .acting import head_of
from .codes import full_code
from .duties import FORECAST, MASTER, PROFILE
from .forms import ActingEndForm, ActingHeadForm, ListForm
from .listing import CENSUS_YEAR, columns, lines, listed, sources_of_list
from .maps import CREDIT, municipality_map
from .models import ActingHead, Municipality
from .population import Figure, populations
from .population_chart import editions_chart, show

PAGE_ROWS = 50


@needs(MASTER)
def municipality_list(request: Request) -> HttpResponse:
    """Municipalities of a prefecture, an office or a kind, or by name; 50 on a page, with a map for an office."""
    form, today = ListForm(request.GET.dict()), clock.today()
    found = listed(request.viewer, form.area, **form.chosen, on=today)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": list(lines(page.object_list)),
        "form": form,
        "any": any(form.chosen.values()),
        "map": _office_map(request, form) if form.chosen["bureau"] else "",
        "map_credit": CREDIT,
        "sources": sources_of_list(),
        "may_forecast": request.viewer.may(FORECAST),
    }
    return render(request, "municipalities/municipality_list.html", context)


@needs(MASTER)
def municipality_export(request: Request) -> HttpResponseBase:
    """The municipalities of the list, all pages, written out."""
    form = ListForm(request.GET.dict())
    found = listed(request.viewer, form.area, **form.chosen, on=clock.today())
    trail = [("市町村と人口", reverse("municipalities:municipality_list"))]
    return export_page(request, Export("市町村一覧", columns(), found, trail, read=lines))


@needs(MASTER)
def municipality_detail(request: Request, pk: str) -> HttpResponse:
    """One municipality: people by one edition (`?series=`), all editions compared, neighbours, other figures."""
    if len(pk) == 5 and pk.isdigit():
        return redirect("municipalities:municipality_detail", full_code(pk), permanent=True)
    today = clock.today()
    town = get_object_or_404(
        Municipality.objects.visible_to(request.viewer).with_bureau(today).select_related("prefecture"), pk=pk
    )
    people = populations([town.pk])
    editions = profile.edition_lines(people, town.pk)
    known = [line.series for line in editions]
    wanted = request.GET.get("series") or profile.LATEST
    chosen = next((series for series in known if series.pk == wanted), known[-1] if known else None)
    census = people.get(profile.CENSUS)
    near = list(Municipality.objects.visible_to(request.viewer).touching(town.pk, today).with_bureau(today))
    figures, figure_sources = profile.latest_indicators(town.pk)
    context = {
        "town": town,
        "prefecture": town.prefecture,
        "chosen": chosen,
        "filters": [
            {"label": series.name, "url": f"?series={series.pk}", "current": series == chosen} for series in known
        ],
        "people": show(people[profile.CENSUS], people[chosen.pk], town.name) if chosen and census else None,
        "census": census.at(CENSUS_YEAR, town.pk) if census else Figure(),
        "latest": next((line for line in editions if line.series == chosen), None),
        "editions": editions,
        "spread": profile.spread(editions),
        "editions_chart": editions_chart(town.name, list(people.values())),
        "neighbours": near,
        "map": _town_map(town, near),
        "map_credit": CREDIT,
        "figures": figures,
        "figure_sources": figure_sources,
        "may_forecast": request.viewer.may(FORECAST),
        "acting": next(iter(ActingHead.objects.on(today).filter(municipality=town)), None),
        "may_act": services.may_enter(town.pk, request.viewer),
    }
    return render(request, "municipalities/municipality_detail.html", context)


@needs(PROFILE)
def municipality_acting(request: Request, pk: str) -> HttpResponse:
    """職務代理者 of one municipality: who acted and acts; its own approver enters the next."""
    town = get_object_or_404(Municipality.objects.visible_to(request.viewer), pk=pk)
    form = ActingHeadForm(_posted(request, town))
    if form.is_bound and form.is_valid():
        try:
            services.enter_acting_head(code=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "職務代理者を登録しました。これから発行する文書に載ります。")
            return redirect("municipalities:municipality_acting", pk)
    return _acting_page(request, town, form, ActingEndForm())


@needs(PROFILE)
def municipality_acting_end(request: Request, pk: str) -> HttpResponse:
    """The last day of who acts now."""
    town = get_object_or_404(Municipality.objects.visible_to(request.viewer), pk=pk)
    form = ActingEndForm(_posted(request, town))
    if form.is_bound and form.is_valid():
        try:
            services.end_acting_head(code=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error("to_on", refused.problems)
        else:
            messages.success(request, "職務代理の終了日を登録しました。")
            return redirect("municipalities:municipality_acting", pk)
    return _acting_page(request, town, ActingHeadForm(), form)


def _posted(request: Request, town: Municipality) -> QueryDict | None:
    """What was posted by somebody who may enter it; None for a page that is only read."""
    if request.method != "POST":
        return None
    if not services.may_enter(town.pk, request.viewer):
        raise PermissionDenied(services.ENTERS)
    return request.POST


def _acting_page(request: Request, town: Municipality, form: ActingHeadForm, end_form: ActingEndForm) -> HttpResponse:
    refused = end_form if end_form.is_bound else form
    context = {
        "town": town,
        "rows": town.acting_heads.all(),
        "open": services.acting_now(town),
        "head": head_of(town),
        "form": form,
        "end_form": end_form,
        "refused_form": refused,
        "may_enter": services.may_enter(town.pk, request.viewer),
    }
    return render(request, "municipalities/municipality_acting.html", context, status=422 if refused.errors else 200)


def _office_map(request: Request, form: ListForm) -> str:
    """The municipalities under the chosen office, each a link to its page."""
    codes = Municipality.objects.visible_to(request.viewer).under(form.chosen["bureau"], clock.today())
    shown = dict(codes.values_list("pk", "name"))
    if not shown:
        return ""
    links = {code: _address(code) for code in shown}
    return municipality_map(shown, label=f"{form.place}の市町村。選ぶとその市町村の画面を開きます", links=links)


def _town_map(town: Municipality, near: list[Municipality]) -> str:
    """The municipality among those it touches, each neighbour a link."""
    shown = {one.pk: one.name for one in [town, *near]}
    label = f"{town.name}と、陸で接する{len(near)}市町村の位置" if near else f"{town.name}の位置"
    links = {one.pk: _address(one.pk) for one in near}
    return municipality_map(shown, label=label, members=[town.pk], names="full", links=links)


def _address(code: str) -> str:
    return reverse("municipalities:municipality_detail", args=[code])
