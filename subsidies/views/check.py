"""要件チェック: pick members, programs and a year; read the verdicts; add or remove a town and read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.errors import Refused
from common.request import Request
from common.viewer import Access
from municipalities.duties import FORECAST
from municipalities.models import Municipality
from regions import services as regions
from regions.duties import REGION
from regions.services import RegionDraft

from ..checking import Asked, Check, check
from ..choosing_map import choosing_map
from ..duties import CHECK, MATCHING
from ..forms.check import NewRegionForm

FIELDS = ("year", "on", "type", "hub", "series")


@needs(CHECK)
def check_page(request: Request) -> HttpResponse:
    """The question stands in the address, so that an answer can be sent to a colleague. Nothing is saved."""
    asked = _asked(request.GET, request)
    found = check(asked, request.viewer, prefecture=settings.PREFECTURE_CODE)
    template = "subsidies/_check.html" if request.htmx else "subsidies/check.html"
    return render(request, template, _context(request, found))


def check_propose(request: Request) -> HttpResponse:
    """新しい組合せで始める: register the chosen towns as an idea and go on to an open call."""
    if not request.viewer.is_municipal or not request.viewer.may(REGION, Access.EDIT):
        raise PermissionDenied("新しい組合せの登録は、市町村の企画担当が行います。")
    data = request.POST if request.method == "POST" else request.GET
    form = NewRegionForm(request.POST if request.method == "POST" else None, initial={"name": ""})
    members = tuple(dict.fromkeys(data.getlist("member")))
    if request.method == "POST" and form.is_valid():
        draft = RegionDraft(
            name=form.cleaned_data["name"], members=members, lead=request.viewer.office.code, start=clock.today()
        )
        try:
            region = regions.propose_region(draft, viewer=request.viewer)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"「{region.name}」を構想として登録しました。申請する募集を選んでください。")
            return redirect(f"{reverse('subsidies:apply')}?region={region.pk}")
    return render(
        request,
        "subsidies/check_propose.html",
        {
            "form": form,
            "towns": list(Municipality.objects.of_prefecture(settings.PREFECTURE_CODE).filter(pk__in=members)),
        },
        status=422 if form.is_bound else 200,
    )


def _asked(query: QueryDict, request: Request) -> Asked:
    """Read the address; a municipality that has not chosen yet starts with itself."""
    members = list(dict.fromkeys(query.getlist("member")))
    if not query and request.viewer.is_municipal:
        members = [request.viewer.office.code]
    for code in query.getlist("add"):
        members = [*members, code] if code not in members else members
    members = [code for code in members if code not in query.getlist("remove")]
    return Asked(
        members=tuple(members),
        programs=tuple(query.getlist("program")),
        **{name: query.get(name, "").strip() for name in FIELDS},
    )


def _context(request: Request, found: Check) -> dict[str, Any]:
    asked = found.asked
    ticked = {member.code for answer in found.answers if answer.facts for member in answer.facts.members}
    ticked |= {code for code in asked.members if code in found.choice.towns}
    candidates = {
        town.code
        for answer in found.answers
        if answer.advice
        for line in answer.advice.lines
        for town in line.candidates
    }
    shown = [found.choice.home, *(group for group in found.choice.others if group.chosen)]
    links = {
        code: _link(asked, remove=code) if code in ticked else _link(asked, add=code)
        for group in shown
        for code in (town.code for town in group.towns)
    }
    base = _link(asked)
    members = QueryDict(mutable=True)
    members.setlist("member", sorted(ticked))
    return {
        "check": found,
        "asked": asked,
        "ticked": ticked,
        "chosen": [found.choice.towns[code] for code in asked.members if code in found.choice.towns],
        "map": choosing_map(shown, ticked, candidates, links=links),
        "base": base,
        "all_programs": _link(replace(asked, programs=tuple(code for code, _, _ in found.programs))),
        "may_search": request.viewer.may(MATCHING),
        "partners_query": f"?{members.urlencode()}" if ticked else "",
        "may_propose": request.viewer.is_municipal
        and request.viewer.may(REGION, Access.EDIT)
        and request.viewer.office.code in ticked
        and len(ticked) > 1,
        "may_forecast": request.viewer.may(FORECAST),
    }


def _link(asked: Asked, *, add: str = "", remove: str = "") -> str:
    """The address of the same question with one town more or less."""
    query = QueryDict(mutable=True)
    members = [code for code in (*asked.members, add) if code and code != remove]
    query.setlist("member", members)
    query.setlist("program", list(asked.programs))
    for name in FIELDS:
        if value := getattr(asked, name):
            query[name] = value
    return f"{reverse('subsidies:check')}?{query.urlencode()}"


urls = [
    path("check/", check_page, name="check"),
    path("check/propose/", check_propose, name="check_propose"),
]
