"""Acts on an agreement: asking, reminding, consenting, receipt, end, the signed copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock, files
from common.errors import Refused
from common.models import StoredFile
from common.request import Request
from common.viewer import Access

from .. import services
from ..forms import AgreementEndForm, AskForm, ConsentForm, DayForm, ReasonForm, SignedCopyForm
from ..models import Agreement, AgreementConsent
from .agreements import change_since, content_of, detail_page
from .common import agreement_or_404, require_lead_bureau, require_planner, require_town

CONSENTS = "協定への同意は、その市町村の承認者が記録します。"
ENDS = "協定の終了は、代表市町村の承認者が記録します。"


@require_POST
def agreement_start(request: Request, pk: int) -> HttpResponse:
    """Ask every party for its consent."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            services.start_consent(
                pk, viewer=request.viewer, revision=_revision(request, agreement), **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "構成市町村へ同意を依頼しました。")
            return redirect("regions:agreement_detail", pk)
    return detail_page(request, agreement, ask=form, status=422)


@require_POST
def agreement_remind(request: Request, pk: int) -> HttpResponse:
    """Remind the parties that have not answered."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    try:
        names = services.remind_consent(pk, viewer=request.viewer)
    except Refused as refused:
        return detail_page(request, agreement, refused=refused, status=422)
    messages.success(request, f"{'、'.join(names)}に督促しました。")
    return redirect("regions:agreement_detail", pk)


def agreement_consent(request: Request, pk: int) -> HttpResponse:
    """The whole text on one page, what changed, and the consent of the own municipality."""
    agreement, mine = _asked(request, pk)
    if mine is None or agreement.state != Agreement.State.CONSENT:
        return redirect("regions:agreement_detail", pk)
    form = ConsentForm(request.POST if request.method == "POST" else None, initial=_initial(mine))
    if request.method == "POST" and form.is_valid():
        try:
            done = services.record_consent(
                pk, viewer=request.viewer, revision=_revision(request, agreement), **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _said(done))
            return redirect("regions:agreement_detail", pk)
    return _consent_page(request, agreement, mine, consent=form)


@require_POST
def agreement_decline(request: Request, pk: int) -> HttpResponse:
    """Ask for a change of the text; every consent starts anew, the round is kept."""
    agreement, mine = _asked(request, pk)
    form = ReasonForm(request.POST, prefix="decline")
    if form.is_valid():
        try:
            services.decline_consent(
                pk, viewer=request.viewer, revision=_revision(request, agreement), **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "修正を求めました。理由は全ての構成市町村に伝わります。")
            return redirect("regions:agreement_detail", pk)
    if mine is None:
        raise PermissionDenied(CONSENTS)
    return _consent_page(request, agreement, mine, decline=form)


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
    return detail_page(request, agreement, receipt=form, status=422)


def agreement_end(request: Request, pk: int) -> HttpResponse:
    """End the version in force, as the approver of the lead municipality."""
    agreement = agreement_or_404(request, pk, Access.SUBMIT)
    if request.viewer.office.code != agreement.region.lead_id:
        raise PermissionDenied(ENDS)
    form = AgreementEndForm(request.POST if request.method == "POST" else None, initial={"ended_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_agreement(pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "協定の終了を記録しました。")
            return redirect("regions:agreement_detail", pk)
    context = {"agreement": agreement, "region": agreement.region, "form": form}
    return render(request, "regions/agreement_end.html", context, status=422 if form.errors else 200)


def agreement_file(request: Request, pk: int, file: int) -> HttpResponseBase:
    """A signed copy; PDFs and pictures open in the browser."""
    stored = _stored(request, agreement_or_404(request, pk), file)
    return files.download(stored, viewer=request.viewer, inline=True)


@require_POST
def agreement_file_add(request: Request, pk: int) -> HttpResponse:
    """Attach a scan of the signed agreement."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    form = SignedCopyForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            stored = services.attach_signed(pk, form.cleaned_data["upload"], viewer=request.viewer)
            messages.success(request, f"{stored.name}を添付しました。")
        else:
            messages.error(request, "添付するファイルを選んでください。")
    except Refused as refused:
        messages.error(request, str(refused))
    except files.FileRefused as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(reverse("regions:agreement_detail", args=[pk]) + "#files")


def agreement_file_remove(request: Request, pk: int, file: int) -> HttpResponse:
    """Ask for the reason, then take the copy out."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    stored = _stored(request, agreement, file)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_signed(pk, file, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{stored.name}を取り下げました。")
            return redirect(reverse("regions:agreement_detail", args=[pk]) + "#files")
    context = {"agreement": agreement, "region": agreement.region, "file": stored, "form": form}
    return render(request, "regions/agreement_file_remove.html", context, status=422 if form.errors else 200)


def _asked(request: Request, pk: int) -> tuple[Agreement, AgreementConsent | None]:
    """The version, and the consent of the approver's own municipality."""
    agreement = agreement_or_404(request, pk, Access.SUBMIT)
    require_town(request, CONSENTS)
    rows = agreement.consents.select_related("municipality")
    return agreement, rows.filter(municipality=request.viewer.office.code).first()


def _consent_page(
    request: Request,
    agreement: Agreement,
    mine: AgreementConsent,
    *,
    consent: ConsentForm | None = None,
    decline: ReasonForm | None = None,
) -> HttpResponse:
    since = change_since(request, agreement)
    context: dict[str, Any] = {
        "agreement": agreement,
        "region": agreement.region,
        "mine": mine,
        "content": content_of(agreement),
        "since": since and since[0],
        "comparison": since and since[1],
        "consent_form": consent or ConsentForm(initial=_initial(mine)),
        "decline_form": decline or ReasonForm(prefix="decline"),
    }
    wrong = any(form is not None and form.errors for form in (consent, decline))
    return render(request, "regions/agreement_consent.html", context, status=422 if wrong else 200)


def _initial(mine: AgreementConsent) -> dict[str, object]:
    """A consent that waits for its council starts with what was typed before."""
    if mine.agreed_on is None:
        return {"agreed_on": clock.today()}
    return {"agreed_on": mine.agreed_on, "document_no": mine.document_no, "needs_council": True}


def _said(agreement: Agreement) -> str:
    if agreement.state == Agreement.State.IN_FORCE:
        return "同意を記録しました。全ての市町村の同意がそろい、協定が締結されました。"
    return "同意を記録しました。"


def _revision(request: Request, agreement: Agreement) -> int:
    """The number that the page bore; that of now where a client sends none."""
    told = request.POST.get("revision", "")
    return int(told) if told.isdecimal() else agreement.revision


def _stored(request: Request, agreement: Agreement, file: int) -> StoredFile:
    stored: StoredFile = get_object_or_404(StoredFile.objects.of(agreement).visible_to(request.viewer), pk=file)
    return stored


urls = [
    path("agreements/<int:pk>/start/", agreement_start, name="agreement_start"),
    path("agreements/<int:pk>/remind/", agreement_remind, name="agreement_remind"),
    path("agreements/<int:pk>/consent/", agreement_consent, name="agreement_consent"),
    path("agreements/<int:pk>/decline/", agreement_decline, name="agreement_decline"),
    path("agreements/<int:pk>/receive/", agreement_receive, name="agreement_receive"),
    path("agreements/<int:pk>/end/", agreement_end, name="agreement_end"),
    path("agreements/<int:pk>/files/", agreement_file_add, name="agreement_file_add"),
    path("agreements/<int:pk>/files/<int:file>/", agreement_file, name="agreement_file"),
    path("agreements/<int:pk>/files/<int:file>/remove/", agreement_file_remove, name="agreement_file_remove"),
]
