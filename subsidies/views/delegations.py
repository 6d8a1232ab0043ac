"""代理入力の委任: who may type what in whose name, giving and ending it, and the end of the typing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs, require
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from regions.models import Region

from ..delegated import on_behalf
from ..duties import DELEGATION
from ..exports import delegation_columns
from ..forms.delegations import DelegationForm, TypedForm
from ..models import Application, Call, Delegation
from ..services import delegations
from ..states import BEFORE_SUBMISSION
from .finding import application_for, posted


@needs(DELEGATION)
def delegation_list(request: Request) -> HttpResponse:
    """Delegations that hold or will hold, and those that ended; for the bureau the drafts to type."""
    viewer, today = request.viewer, clock.today()
    rows = list(Delegation.objects.visible_to(viewer).for_list())
    standing = [row for row in rows if row.withdrawn_at is None and row.to_on >= today]
    held = Delegation.objects.held_by(viewer)
    context = {
        "today": today,
        "standing": standing,
        "ended": [row for row in rows if row not in standing],
        "may_grant": viewer.may(DELEGATION, Access.SUBMIT),
        "typing": list(Application.objects.visible_to(viewer).delegated_to(viewer).for_list()),
        "calls": list(Call.objects.visible_to(viewer).open_on(today).select_related("program"))
        if held.filter(application=None).exists()
        else [],
    }
    return render(request, "subsidies/delegation_list.html", context)


@needs(DELEGATION)
def delegation_export(request: Request) -> HttpResponseBase:
    """All delegations of the list, those that ended too, written out."""
    rows = Delegation.objects.visible_to(request.viewer).for_list()
    trail = [("代理入力の委任", reverse("subsidies:delegation_list"))]
    return export_page(request, Export("代理入力の委任", delegation_columns(), rows, trail))


@needs(DELEGATION, Access.SUBMIT)
def delegation_new(request: Request) -> HttpResponse:
    """The approver gives a delegation to the bureau over the municipality."""
    viewer = request.viewer
    regions = Region.objects.visible_to(viewer).acting().filter(lead=viewer.office.code).order_by("name")
    drafts = Application.objects.visible_to(viewer).filter(lead=viewer.office.code, state__in=BEFORE_SUBMISSION)
    form = DelegationForm(
        posted(request), town=viewer.office.name, regions=list(regions), drafts=list(drafts.select_related("region"))
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = delegations.grant(viewer=viewer, **form.values)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"{given.bureau.name}に代理入力を委任しました（{given.period}）。")
            return redirect("subsidies:delegation_list")
    context = {"form": form, "bureau": delegations.bureau_of(viewer.office.code)}
    return render(request, "subsidies/delegation_new.html", context, status=422 if form.is_bound else 200)


def delegation_withdraw(request: Request, pk: int) -> HttpResponse:
    """The approver ends a delegation, from now on."""
    visible = Delegation.objects.visible_to(request.viewer).for_list()
    delegation: Delegation = get_object_or_404(visible, pk=pk)
    require(request.viewer, DELEGATION, Access.SUBMIT)
    if request.method == "POST":
        try:
            delegations.withdraw(viewer=request.viewer, delegation_id=pk)
        except Refused as refused:
            messages.error(request, " ".join(refused.problems))
        else:
            messages.success(request, f"{delegation.bureau.name}への代理入力の委任を取り消しました。")
        return redirect("subsidies:delegation_list")
    return render(request, "subsidies/delegation_withdraw.html", {"delegation": delegation})


@require_POST
def delegation_typed(request: Request, pk: int) -> HttpResponse:
    """入力を終えて市町村に知らせる."""
    application = application_for(request, pk)
    if on_behalf(application, request.viewer) is None:
        raise PermissionDenied(delegations.TELLS)
    form = TypedForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        delegations.tell_done(application_id=pk, viewer=request.viewer, note=note)
    except Refused as refused:
        messages.error(request, " ".join(refused.problems))
    else:
        messages.success(request, f"代理入力が終わったことを、{application.lead.name}に知らせました。")
    return redirect("subsidies:application_detail", pk)


urls = [
    path("delegations/", delegation_list, name="delegation_list"),
    path("delegations/export/", delegation_export, name="delegation_export"),
    path("delegations/new/", delegation_new, name="delegation_new"),
    path("delegations/<int:pk>/withdraw/", delegation_withdraw, name="delegation_withdraw"),
    path("applications/<int:pk>/typed/", delegation_typed, name="delegation_typed"),
]
