"""Agreements: list, one version with its consents, the form, and each act on it."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs
from common.errors import Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from .. import duties, services
from ..exports import agreement_columns, vision_columns
from ..forms import AgreementForm, ConsentForm, DayForm, ReasonForm
from ..membership import members_on
from ..models import Agreement, AgreementConsent, Region, Vision
from .common import (
    act,
    agreement_or_404,
    page_of,
    plans_papers,
    region_or_404,
    require_lead_bureau,
    require_planner,
    require_town,
)

CONSENTS = "協定への同意は、その市町村の承認者が記録します。"


@needs(duties.AGREEMENT)
def agreement_list(request: Request) -> HttpResponse:
    """Agreements or visions this office may know; those that wait for the own town's consent first."""
    kind, own, rows = _listed(request)
    context = {"page": page_of(rows, request), "kind": kind, "own": own, "waiting": _waiting(request)}
    return render(request, "regions/agreement_list.html", context)


@needs(duties.AGREEMENT)
def agreement_export(request: Request) -> HttpResponseBase:
    """The agreements or visions of the list, all pages, written out."""
    kind, _, rows = _listed(request)
    trail = [("協定・ビジョン", reverse("regions:agreement_list"))]
    export = (
        Export("ビジョン一覧", vision_columns(), rows, trail)
        if kind == "vision"
        else Export("協定一覧", agreement_columns(), rows, trail)
    )
    return export_page(request, export)


def agreement_detail(request: Request, pk: int) -> HttpResponse:
    """One version: its text, the consent of each party, the other versions, and what this person may do."""
    return _detail(request, agreement_or_404(request, pk))


def agreement_new(request: Request, code: str) -> HttpResponse:
    """Write the draft of the region's next version."""
    region = region_or_404(request, code, duties.AGREEMENT, Access.EDIT)
    require_planner(request, region)
    return _form(request, region, None)


def agreement_edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    return _form(request, agreement.region, agreement)


@require_POST
def agreement_start(request: Request, pk: int) -> HttpResponse:
    """Ask every party for its consent."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    return act(
        request,
        lambda: services.start_consent(agreement.pk, viewer=request.viewer),
        "構成市町村へ同意を依頼しました。",
        "regions:agreement_detail",
        pk,
    )


@require_POST
def agreement_consent(request: Request, pk: int) -> HttpResponse:
    """Record the consent of the own municipality."""
    agreement = agreement_or_404(request, pk, Access.SUBMIT)
    require_town(request, CONSENTS)
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            services.record_consent(agreement.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:agreement_detail", pk)
    return _detail(request, agreement, consent=form, status=422)


@require_POST
def agreement_decline(request: Request, pk: int) -> HttpResponse:
    """Ask for a change of the text; every consent starts anew."""
    agreement = agreement_or_404(request, pk, Access.SUBMIT)
    require_town(request, CONSENTS)
    form = ReasonForm(request.POST, prefix="decline")
    if form.is_valid():
        try:
            services.decline_consent(agreement.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:agreement_detail", pk)
    return _detail(request, agreement, decline=form, status=422)


@require_POST
def agreement_amend(request: Request, pk: int) -> HttpResponse:
    """Copy the version in force to a new draft and open it."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    try:
        draft = services.amend(agreement.pk, viewer=request.viewer)
    except Refused as refused:
        return _detail(request, agreement, refused=refused, status=422)
    return redirect("regions:agreement_edit", draft.pk)


@require_POST
def agreement_receive(request: Request, pk: int) -> HttpResponse:
    """Note the receipt by the lead bureau."""
    agreement = agreement_or_404(request, pk, Access.SUBMIT)
    require_lead_bureau(request, agreement.region)
    form = DayForm(request.POST, label="受理日")
    if form.is_valid():
        try:
            services.receive_agreement(agreement.pk, received_on=form.cleaned_data["day"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:agreement_detail", pk)
    return _detail(request, agreement, receipt=form, status=422)


def _detail(
    request: Request,
    agreement: Agreement,
    *,
    consent: ConsentForm | None = None,
    decline: ReasonForm | None = None,
    receipt: DayForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, region = request.viewer, agreement.region
    consents = list(agreement.consents.select_related("municipality"))
    mine = next((row for row in consents if viewer.is_municipal and row.municipality_id == viewer.office.code), None)
    planner = plans_papers(request, region)
    asked = agreement.state == Agreement.State.CONSENT
    may_consent = asked and mine is not None and mine.state != "done" and viewer.may(duties.AGREEMENT, Access.SUBMIT)
    may_receive = (
        agreement.state == Agreement.State.IN_FORCE
        and agreement.received_on is None
        and viewer.office.code == region.lead_bureau_id
        and viewer.may(duties.AGREEMENT, Access.SUBMIT)
    )
    context = {
        "agreement": agreement,
        "region": region,
        "covered": list(agreement.fields.all()),
        "consents": consents,
        "done": sum(row.state == AgreementConsent.State.DONE for row in consents),
        "versions": Agreement.objects.visible_to(viewer).filter(region=region).order_by("-version"),
        "mine": mine,
        "planner": planner,
        "may_edit": planner and agreement.state == Agreement.State.DRAFT,
        "may_amend": planner and agreement.state == Agreement.State.IN_FORCE,
        "consent_form": (consent or ConsentForm(initial=_consent_initial(mine))) if may_consent else None,
        "decline_form": (decline or ReasonForm(prefix="decline")) if may_consent else None,
        "receipt_form": (receipt or DayForm(label="受理日", initial={"day": clock.today()})) if may_receive else None,
        "refused": refused,
    }
    return render(request, "regions/agreement_detail.html", context, status=status)


def _consent_initial(mine: AgreementConsent | None) -> dict[str, object]:
    """A consent that waits for its council starts with what was typed before."""
    if mine is None or mine.agreed_on is None:
        return {"agreed_on": clock.today()}
    return {"agreed_on": mine.agreed_on, "document_no": mine.document_no, "needs_council": True}


def _form(request: Request, region: Region, agreement: Agreement | None) -> HttpResponse:
    today = clock.today()
    towns = [row.municipality for row in members_on([region.pk], today)[region.pk]]
    codes = [town.code for town in towns]
    initial = AgreementForm.initial_of(agreement, codes) if agreement else {"parties": codes}
    form = AgreementForm(request.POST or None, towns=towns, prefecture=region.prefecture_id, on=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if agreement is None:
                saved = services.create_agreement(region.pk, form.draft(), viewer=request.viewer)
            else:
                saved = services.update_agreement(agreement.pk, form.draft(), viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:agreement_detail", saved.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "region": region, "agreement": agreement}
    return render(request, "regions/agreement_form.html", context, status=status)


def _listed(request: Request) -> tuple[str, bool, QuerySet]:
    """What the address asks for: `agreement` or `vision`, own regions only, and the rows."""
    kind = "vision" if request.GET.get("kind") == "vision" else "agreement"
    own = request.GET.get("own") == "1"
    return kind, own, _visions(request, own) if kind == "vision" else _agreements(request, own)


def _agreements(request: Request, own: bool) -> QuerySet:
    viewer = request.viewer
    rows = Agreement.objects.visible_to(viewer)
    if own:
        rows = rows.filter(region__in=Region.objects.own_to(viewer))
    return rows.select_related("region__lead_bureau").with_progress(viewer).order_by("-waits", "region", "-version")


def _visions(request: Request, own: bool) -> QuerySet:
    rows = Vision.objects.visible_to(request.viewer)
    if own:
        rows = rows.filter(region__in=Region.objects.own_to(request.viewer))
    listed = rows.select_related("region__lead_bureau").annotate(listed=Count("items"))
    return listed.order_by("region", "-version")


def _waiting(request: Request) -> int:
    viewer = request.viewer
    if not (viewer.is_municipal and viewer.may(duties.AGREEMENT, Access.SUBMIT)):
        return 0
    return Agreement.objects.awaiting(viewer.office.code).count()


urls = [
    path("agreements/", agreement_list, name="agreement_list"),
    path("agreements/export/", agreement_export, name="agreement_export"),
    path("agreements/<int:pk>/", agreement_detail, name="agreement_detail"),
    path("agreements/<int:pk>/edit/", agreement_edit, name="agreement_edit"),
    path("agreements/<int:pk>/start/", agreement_start, name="agreement_start"),
    path("agreements/<int:pk>/consent/", agreement_consent, name="agreement_consent"),
    path("agreements/<int:pk>/decline/", agreement_decline, name="agreement_decline"),
    path("agreements/<int:pk>/amend/", agreement_amend, name="agreement_amend"),
    path("agreements/<int:pk>/receive/", agreement_receive, name="agreement_receive"),
    path("regions/<str:code>/agreements/new/", agreement_new, name="agreement_new"),
]
