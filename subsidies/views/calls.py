"""Calls for applications: what is open, until when, and how to begin."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from common import clock
from common.access import needs
from common.errors import Refused
from common.request import Request
from common.viewer import Access, Duty
from regions.models import Region

from ..delegated import startable_regions
from ..duties import CALL, DELEGATION
from ..forms.calls import StartForm
from ..models import Application, Call, Delegation
from ..rulesets import rules_of
from ..services import drafts
from ..states import BEFORE_SUBMISSION


@needs(CALL)
def apply(request: Request) -> HttpResponse:
    """申請を始める: the calls that are open, what was begun already, and what was or will be called for."""
    today = clock.today()
    calls = Call.objects.visible_to(request.viewer).select_related("program").order_by("-closes_on", "program")
    rows = [{"call": call, "open": call.state == Call.State.OPEN and call.opens_on <= today} for call in calls]
    visible = Application.objects.visible_to(request.viewer).filter(state__in=BEFORE_SUBMISSION)
    begun = visible if request.viewer.is_municipal else visible.delegated_to(request.viewer)
    return render(
        request,
        "subsidies/apply.html",
        {
            "open": [row for row in rows if row["open"]],
            "past": [row for row in rows if not row["open"]],
            "may_start": _may_start(request),
            "begun": list(begun.for_list()),
            "may_delegate": request.viewer.may(DELEGATION, Access.SUBMIT),
            "reads_delegations": request.viewer.may(DELEGATION) and not request.viewer.is_prefecture,
        },
    )


def apply_start(request: Request, call: int) -> HttpResponse:
    """申請を始める: region, then empty or copied. Bureau staff begin it for a town that delegated typing to them."""
    if not _may_start(request):
        raise PermissionDenied(drafts.BEGINS)
    chosen = get_object_or_404(Call.objects.visible_to(request.viewer).select_related("program", "ruleset"), pk=call)
    regions = list(startable_regions(request.viewer).select_related("lead"))
    form = StartForm(
        request.POST if request.method == "POST" else None,
        regions=regions,
        earlier=list(_earlier(request, chosen, regions)),
        initial={"region": request.GET.get("region", ""), "copy_from": ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            application = drafts.start(
                call_id=chosen.pk,
                region_code=form.cleaned_data["region"],
                viewer=request.viewer,
                copy_from=form.cleaned_data["copy_from"],
            )
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"申請書（{application.number}）の作成を始めました。")
            return redirect("subsidies:draft_basic", application.pk)
    context = {
        "call": chosen,
        "form": form,
        "fields": rules_of(chosen.ruleset).fields,
        "typing": not request.viewer.is_municipal,
    }
    return render(request, "subsidies/apply_start.html", context, status=422 if form.is_bound else 200)


def _may_start(request: Request) -> bool:
    viewer = request.viewer
    if viewer.is_municipal:
        return viewer.has(Duty.MP)
    return bool(Delegation.objects.held_by(viewer).filter(application=None).exists())


def _earlier(request: Request, call: Call, regions: list[Region]) -> QuerySet[Application]:
    """Applications that can be copied: those of these regions that the person may read, newest first."""
    visible = (
        Application.objects.visible_to(request.viewer)
        .filter(region__in=regions, erased_on=None)
        .select_related("region")
    )
    return visible.exclude(call=call).order_by("-fiscal_year", "-id")[:30]


urls = [
    path("apply/", apply, name="apply"),
    path("calls/<int:call>/start/", apply_start, name="apply_start"),
]
