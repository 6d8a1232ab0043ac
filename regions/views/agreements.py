"""Agreements: the list, one version with its consents, two versions side by side, the paper, a new draft."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.documents import Mark, freeze
from common.errors import Refused
from common.models import StoredFile
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from .. import duties, services
from ..agreement_diff import Comparison, compare
from ..clauses import default_last_day
from ..exports import agreement_columns, vision_columns
from ..forms import AgreementForm, AmendForm, AskForm, DayForm, SignedCopyForm
from ..membership import members_on
from ..models import Agreement, AgreementConsent, AgreementRound, Region, Vision
from ..papers import issued_paper
from ..papers.agreement import agreement_paper
from .common import agreement_or_404, opinions, page_of, plans_papers, region_or_404, require_planner
from .papers import paper_answer

S = Agreement.State
C = AgreementConsent.State
SIGNED = (S.IN_FORCE, S.AMENDED, S.ENDED)
PAPER = "D-23"


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
    """One version: its text, and for its parties the consents, the rounds before and what this person may do.

    Whoever has no part in the region reads the published text.
    """
    return detail_page(request, agreement_or_404(request, pk))


def agreement_pdf(request: Request, pk: int) -> HttpResponse:
    """D-23: as issued when it came into force, marked 案 before; what is older than the portal as far as known."""
    agreement = agreement_or_404(request, pk)
    mark = None if agreement.state in SIGNED else Mark.DRAFT
    back = reverse("regions:agreement_detail", args=[pk])
    return paper_answer(request, PAPER, agreement, lambda: agreement_paper(agreement), back=back, mark=mark)


def agreement_compare(request: Request, pk: int) -> HttpResponse:
    """This version beside another one of the region (`with`), or beside the text of an earlier round (`round`)."""
    agreement = agreement_or_404(request, pk)
    others = list(_versions(request, agreement).filter(erased_on=None).exclude(pk=agreement.pk))
    rounds = list(agreement.rounds.all()) if has_part(request, agreement) else []
    chosen, label, content = _other(request, agreement, others, rounds)
    tabs = [(f"?with={one.pk}", f"第{one.version}版", chosen == f"version{one.pk}") for one in others]
    tabs += [
        (f"?round={one.number}", f"第{one.number}回の確認のときの案", chosen == f"round{one.number}") for one in rounds
    ]
    context = {
        "agreement": agreement,
        "region": agreement.region,
        "tabs": tabs,
        "label": label,
        "own_label": f"第{agreement.version}版（{agreement.get_state_display()}）",
        "comparison": compare(content, content_of(agreement)) if content else None,
    }
    return render(request, "regions/agreement_compare.html", context)


def agreement_new(request: Request, code: str) -> HttpResponse:
    """Begin the draft of the region's next version; it is born with the articles of the template."""
    region = region_or_404(request, code, duties.AGREEMENT, Access.EDIT)
    require_planner(request, region)
    today = clock.today()
    towns = [row.municipality for row in members_on([region.pk], today)[region.pk]]
    initial = {
        "title": f"{region.name}における連携に関する協定",
        "parties": [town.code for town in towns],
        "valid_until": default_last_day(today),
    }
    data = request.POST if request.method == "POST" else None
    form = AgreementForm(data, towns=towns, prefecture=region.prefecture_id, on=today, initial=initial)
    if data is not None and form.is_valid():
        try:
            saved = services.create_agreement(region.pk, form.draft(), viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:agreement_articles", saved.pk)
    context = {"form": form, "region": region}
    return render(request, "regions/agreement_form.html", context, status=422 if form.errors else 200)


def agreement_amend(request: Request, pk: int) -> HttpResponse:
    """Say who joins and who leaves, and open the version in force as a draft with these parties."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    region, today = agreement.region, clock.today()
    require_planner(request, region)
    towns = [row.municipality for row in members_on([region.pk], today)[region.pk]]
    data = request.POST if request.method == "POST" else None
    form = AmendForm(data, towns=towns, prefecture=region.prefecture_id, on=today)
    if data is not None and form.is_valid():
        try:
            draft = services.amend(agreement.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:agreement_edit", draft.pk)
    context = {"form": form, "agreement": agreement, "region": region}
    return render(request, "regions/agreement_amend.html", context, status=422 if form.errors else 200)


def content_of(agreement: Agreement) -> dict[str, Any]:
    """What the version says: as issued, as asked for consent, or as its rows are now."""
    if agreement.state in SIGNED and (document := issued_paper(PAPER, agreement)):
        found: dict[str, Any] = document.snapshot
        return found
    if agreement.state == S.CONSENT and agreement.asked_content:
        asked: dict[str, Any] = agreement.asked_content
        return asked
    return freeze(agreement_paper(agreement))


def change_since(request: Request, agreement: Agreement) -> tuple[str, Comparison] | None:
    """What changed since the last round that was declined, else since the version in force; None where neither is."""
    earlier = agreement.rounds.last()
    if earlier is not None:
        label = f"第{earlier.number}回の確認（{earlier.declined_by.name}が修正を求めた案）"
        return label, compare(earlier.content, content_of(agreement))
    before = (
        _versions(request, agreement).filter(version__lt=agreement.version, state__in=SIGNED, erased_on=None).first()
    )
    return (f"第{before.version}版", compare(content_of(before), content_of(agreement))) if before else None


def has_part(request: Request, agreement: Agreement) -> bool:
    """Whether this office reads more than the published text: a member or party, its bureaus, headquarters."""
    viewer = request.viewer
    if viewer.is_municipal and agreement.consents.filter(municipality=viewer.office.code).exists():
        return True
    return Region.objects.own_to(viewer).filter(pk=agreement.region_id).exists()


def detail_page(request: Request, agreement: Agreement, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one version; `forms` are those that were posted with something to mend."""
    viewer, region = request.viewer, agreement.region
    consents = list(agreement.consents.select_related("municipality").order_by("municipality"))
    mine = next((row for row in consents if viewer.is_municipal and row.municipality_id == viewer.office.code), None)
    planner, part = plans_papers(request, region), has_part(request, agreement)
    draft, asked = agreement.state == S.DRAFT, agreement.state == S.CONSENT
    in_force = agreement.state == S.IN_FORCE
    approver = viewer.may(duties.AGREEMENT, Access.SUBMIT)
    may_receive = (
        in_force and agreement.received_on is None and viewer.office.code == region.lead_bureau_id and approver
    )
    since = change_since(request, agreement) if part and (draft or asked) else None
    context = {
        "agreement": agreement,
        "region": region,
        "content": content_of(agreement),
        "since": since and since[0],
        "comparison": since and since[1],
        "part": part,
        "consents": consents,
        "done": sum(row.state == C.DONE for row in consents),
        "unanswered": [row for row in consents if row.state == C.NONE],
        "rounds": list(agreement.rounds.select_related("declined_by")) if part else [],
        "versions": list(_versions(request, agreement)),
        "files": list(StoredFile.objects.of(agreement).visible_to(viewer)),
        "planner": planner,
        "problems": services.readiness(agreement) if draft and planner else [],
        "may_edit": planner and draft,
        "may_amend": planner and in_force,
        "may_remind": planner and asked,
        "may_attach": planner and agreement.state in SIGNED,
        "may_consent": asked and approver and mine is not None and mine.state != C.DONE,
        "may_end": in_force and approver and viewer.office.code == region.lead_id,
        "mine": mine,
        "ask_form": forms.get("ask") or AskForm() if planner and draft else None,
        "copy_form": SignedCopyForm() if planner and agreement.state in SIGNED else None,
        "receipt_form": forms.get("receipt") or DayForm(label="受理日", initial={"day": clock.today()})
        if may_receive
        else None,
        "refused": forms.get("refused"),
        **opinions(request, region, agreement),
    }
    return render(request, "regions/agreement_detail.html", context, status=status)


def _versions(request: Request, agreement: Agreement) -> QuerySet:
    visible = Agreement.objects.visible_to(request.viewer).filter(region=agreement.region_id)
    return visible.select_related("region__lead", "region__secretariat").order_by("-version")


def _other(
    request: Request, agreement: Agreement, others: list[Agreement], rounds: list[AgreementRound]
) -> tuple[str, str, dict[str, Any] | None]:
    """What to compare with: the one asked for, else the version before, else the last round."""
    asked = request.GET.get("with", ""), request.GET.get("round", "")
    before = [one for one in others if one.version < agreement.version]
    if asked[1]:
        one = next((row for row in rounds if str(row.number) == asked[1]), None)
        if one is not None:
            return f"round{one.number}", f"第{one.number}回の確認のときの案", one.content
    if asked[0] or before:
        named = [one for one in others if str(one.pk) == asked[0]]
        if named or before:
            other = (named or before)[0]
            return f"version{other.pk}", f"第{other.version}版", content_of(other)
    if rounds:
        return f"round{rounds[-1].number}", f"第{rounds[-1].number}回の確認のときの案", rounds[-1].content
    return "", "", None


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
    path("agreements/<int:pk>/paper.pdf", agreement_pdf, name="agreement_pdf"),
    path("agreements/<int:pk>/compare/", agreement_compare, name="agreement_compare"),
    path("agreements/<int:pk>/amend/", agreement_amend, name="agreement_amend"),
    path("regions/<str:code>/agreements/new/", agreement_new, name="agreement_new"),
]
