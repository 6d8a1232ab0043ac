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
from common.viewer import Duty
from regions.models import Region

from ..duties import CALL
from ..forms.calls import StartForm
from ..models import Application, Call
from ..rulesets import rules_of
from ..services import drafts
from ..states import BEFORE_SUBMISSION


@needs(CALL)
def apply(request: Request) -> HttpResponse:
    """申請を始める: the calls that are open, what was begun already, and what was or will be called for."""
    today = clock.today()
    calls = Call.objects.visible_to(request.viewer).select_related("program").order_by("-closes_on", "program")
    rows = [{"call": call, "open": call.state == Call.State.OPEN and call.opens_on <= today} for call in calls]
    begun = Application.objects.visible_to(request.viewer).filter(state__in=BEFORE_SUBMISSION)
    return render(
        request,
        "subsidies/apply.html",
        {
            "open": [row for row in rows if row["open"]],
            "past": [row for row in rows if not row["open"]],
            "may_start": _may_start(request),
            "begun": list(begun.for_list()) if request.viewer.is_municipal else [],
        },
    )


def apply_start(request: Request, call: int) -> HttpResponse:
    """申請を始める: region, then empty or copied."""
    if not _may_start(request):
        raise PermissionDenied("申請は、市町村の企画担当が始めます。")
    chosen = get_object_or_404(Call.objects.visible_to(request.viewer).select_related("program", "ruleset"), pk=call)
    own = Region.objects.visible_to(request.viewer).of_member(request.viewer.office.code, clock.today())
    form = StartForm(
        request.POST if request.method == "POST" else None,
        regions=list(own.acting().order_by("name")),
        earlier=list(_earlier(request, chosen)),
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
    context = {"call": chosen, "form": form, "fields": rules_of(chosen.ruleset).fields}
    return render(request, "subsidies/apply_start.html", context, status=422 if form.is_bound else 200)


def _may_start(request: Request) -> bool:
    return request.viewer.is_municipal and request.viewer.has(Duty.MP)


def _earlier(request: Request, call: Call) -> QuerySet[Application]:
    """Applications that can be copied: those this town may read, of this program first, newest first."""
    visible = Application.objects.visible_to(request.viewer).select_related("region")
    return visible.exclude(call=call).order_by("-fiscal_year", "-id")[:30]


urls = [
    path("apply/", apply, name="apply"),
    path("calls/<int:call>/start/", apply_start, name="apply_start"),
]
