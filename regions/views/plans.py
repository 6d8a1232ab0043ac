"""Forward plans of the bureaus: the list, one version, what is done with it, and two versions side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.access import needs, require
from common.documents import Mark
from common.errors import Erased, Refused
from common.fiscal_year import FiscalYear
from common.models import AuditEvent
from common.part_forms import Problem, StepForm
from common.part_views import PartView
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Viewer

from .. import duties, services
from ..exports import plan_columns
from ..forms import AdoptForm, CommentForm, DayForm, ForwardPlanStep, ReviewForm
from ..forms.visions import default_term
from ..models import ConferenceMeeting, ForwardPlan
from ..papers.plan import PAPER, plan_paper
from ..plan_compare import compare
from ..plan_overview import lines_for
from .common import act, own_bureau
from .papers import paper_answer

MEETINGS = 10


@needs(duties.FORWARD_PLAN)
def plan_list(request: Request) -> HttpResponse:
    """Each bureau's plan, as far as this office may know it."""
    viewer = request.viewer
    lines = lines_for(viewer)
    context = {"lines": lines, "own": viewer.office.code if viewer.is_bureau else "", "edits": _edits(request)}
    context["reads_stages"] = viewer.may(duties.STAGE)
    return render(request, "regions/plan_list.html", context)


@needs(duties.FORWARD_PLAN)
def plan_export(request: Request) -> HttpResponseBase:
    """The plans of all bureaus, written out."""
    trail = [("前進プラン", reverse("regions:plan_list"))]
    return export_page(request, Export("前進プラン一覧", plan_columns(), lines_for(request.viewer), trail))


def plan_detail(request: Request, pk: int) -> HttpResponse:
    """One version: direction, regions, initiatives, reviews, opinions, and what this person may do."""
    return _detail(request, _plan(request, pk, Access.READ))


@needs(duties.FORWARD_PLAN, Access.EDIT)
def plan_new(request: Request) -> HttpResponse:
    """Write the draft of the own bureau's next version."""
    bureau = own_bureau(request)
    first: dict[str, object] = {"title": f"{bureau.short_name}地域 広域連携前進プラン"}
    data = request.POST if request.method == "POST" else None
    first |= default_term(FiscalYear.of(clock.today()))
    form = ForwardPlanStep(bureau.pk, bureau.prefecture_id, None, data, first=first)
    problems: list[Problem] = []
    if data is not None:
        if form.is_valid():
            try:
                saved = services.create_plan(bureau.pk, form.draft, viewer=request.viewer)
            except Refused as refused:
                problems = [Problem(text) for text in refused.problems]
            else:
                return redirect("regions:plan_detail", saved.pk)
        else:
            problems = form.problems
    context = {"form": form, "problems": problems, "bureau": bureau, "plan": None}
    return render(request, "regions/plan_form.html", context, status=422 if problems else 200)


class PlanEdit(PartView):
    """Change a version that is not adopted yet; two people at once lose nobody's words."""

    template = "regions/plan_form.html"
    plan: ForwardPlan

    def dispatch(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.plan = request, _plan(request, pk, Access.EDIT)
        _require_own(request, self.plan)
        if not self.plan.is_open:
            messages.warning(request, f"「{self.plan.get_state_display()}」の前進プランは書き換えられません。")
            return redirect("regions:plan_detail", pk)
        return super().dispatch(request, pk)  # type: ignore[return-value]

    @property
    def revision(self) -> int:
        return self.plan.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.plan.changed_at

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.plan, internal=True).filter(action__in=["plan.create", "plan.update"])
        return events.exclude(user_id=self.request.viewer.user_id)

    def form(self, data: QueryDict | None = None) -> ForwardPlanStep:
        bureau = self.plan.bureau
        return ForwardPlanStep(bureau.pk, bureau.prefecture_id, self.plan, data, more=self.more)

    def keep(self, form: StepForm) -> None:
        services.update_plan(
            self.plan.pk,
            form.draft,  # type: ignore[attr-defined]
            revision=self.revision,
            viewer=self.request.viewer,
        )

    def reload(self) -> None:
        self.plan = _plan(self.request, self.plan.pk, Access.EDIT)

    def context(self, form: StepForm) -> dict[str, Any]:
        return {"plan": self.plan, "bureau": self.plan.bureau}

    def next_url(self) -> str:
        if self.more.isidentifier():
            return f"{self.request.path}?more={self.more}#grid-{self.more}"
        messages.success(self.request, "案を保存しました。")
        return reverse("regions:plan_detail", args=[self.plan.pk])


@require_POST
def plan_discuss(request: Request, pk: int) -> HttpResponse:
    """Show the draft to the conference."""
    plan = _plan(request, pk, Access.EDIT)
    return act(
        request,
        lambda: services.put_to_conference(plan.pk, viewer=request.viewer),
        "案を検討会議に示しました。管内の市町村と本庁が読み、意見を書けます。",
        "regions:plan_detail",
        pk,
    )


@require_POST
def plan_comment(request: Request, pk: int) -> HttpResponse:
    """Say something about the plan."""
    plan, form = _plan(request, pk, Access.COMMENT), CommentForm(request.POST)
    if form.is_valid():
        try:
            services.comment_plan(plan.pk, form.cleaned_data["text"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "意見を送りました。")
            return redirect("regions:plan_detail", pk)
    return _detail(request, plan, comment=form, status=422)


@require_POST
def plan_adopt(request: Request, pk: int) -> HttpResponse:
    """Adopt the version as the bureau's decider."""
    plan = _plan(request, pk, Access.SUBMIT)
    _require_own(request, plan)
    form = AdoptForm(request.POST, bureau=plan.bureau_id)
    if form.is_valid():
        day, meeting = form.cleaned_data["day"], form.cleaned_data["meeting"]
        try:
            services.adopt_plan(plan.pk, adopted_on=day, meeting_id=meeting, viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:plan_detail", pk)
    return _detail(request, plan, adoption=form, status=422)


@require_POST
def plan_receive(request: Request, pk: int) -> HttpResponse:
    """Note the receipt as headquarters' decider."""
    plan, form = _plan(request, pk, Access.SUBMIT), DayForm(request.POST, label="受理日")
    if not request.viewer.is_prefecture:
        raise PermissionDenied("前進プランの受理は、本庁が記録します。")
    if form.is_valid():
        try:
            services.receive_plan(plan.pk, received_on=form.cleaned_data["day"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:plan_detail", pk)
    return _detail(request, plan, receipt=form, status=422)


@require_POST
def plan_revise(request: Request, pk: int) -> HttpResponse:
    """Copy the adopted version to a new draft and open it."""
    plan = _plan(request, pk, Access.EDIT)
    _require_own(request, plan)
    try:
        draft = services.revise_plan(plan.pk, viewer=request.viewer)
    except Refused as refused:
        return _detail(request, plan, refused=refused, status=422)
    return redirect("regions:plan_edit", draft.pk)


def plan_review(request: Request, pk: int) -> HttpResponse:
    """Write this fiscal year's review of the adopted plan."""
    plan = _plan(request, pk, Access.EDIT)
    _require_own(request, plan)
    year = FiscalYear.of(clock.today())
    known = plan.reviews.filter(fiscal_year=int(year)).first()
    initial = ReviewForm.initial_of(known) if known else {"reviewed_on": clock.today(), "result": "goes_on"}
    form = ReviewForm(request.POST or None, plan=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.review_plan(plan.pk, form.draft, viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{year.wareki}の点検を記録しました。")
            return redirect("regions:plan_detail", pk)
    context = {"form": form, "plan": plan, "year": year}
    return render(request, "regions/plan_review.html", context, status=422 if form.errors else 200)


def plan_compare(request: Request, pk: int) -> HttpResponse:
    """This version beside an earlier one (`?with=`; without it the one before)."""
    plan = _plan(request, pk, Access.READ)
    visible = (
        ForwardPlan.objects.visible_to(request.viewer)
        .filter(bureau=plan.bureau_id, erased_on=None)
        .select_related("bureau")
    )
    others = list(visible.exclude(pk=pk).order_by("-version"))
    asked = request.GET.get("with", "")
    before = next((row for row in others if row.version < plan.version), None)
    other = next((row for row in others if str(row.pk) == asked), before)
    pair = sorted([plan, other], key=lambda row: row.version) if other else None
    context = {"plan": plan, "other": other, "others": others, "found": compare(*pair) if pair else None}
    return render(request, "regions/plan_compare.html", context)


def plan_pdf(request: Request, pk: int) -> HttpResponse:
    """D-25: as it was adopted; before that marked 案."""
    plan = _plan(request, pk, Access.READ)
    mark = Mark.DRAFT if plan.is_open else None
    back = reverse("regions:plan_detail", args=[pk])
    return paper_answer(request, PAPER, plan, lambda: plan_paper(plan), back=back, mark=mark)


def _plan(request: Request, pk: int, access: Access) -> ForwardPlan:
    visible = ForwardPlan.objects.visible_to(request.viewer)
    plan: ForwardPlan = get_object_or_404(visible.select_related("bureau", "equivalent_zone", "discussed_at"), pk=pk)
    require(request.viewer, duties.FORWARD_PLAN, access)
    if plan.erased_on is not None:
        raise Erased("plan", pk)
    return plan


def _require_own(request: Request, plan: ForwardPlan) -> None:
    if not (request.viewer.is_bureau and plan.bureau_id == request.viewer.office.code):
        raise PermissionDenied("前進プランは、その振興局だけが作成・変更できます。")


def _edits(request: Request) -> bool:
    return request.viewer.is_bureau and request.viewer.may(duties.FORWARD_PLAN, Access.EDIT)


def _detail(
    request: Request,
    plan: ForwardPlan,
    *,
    adoption: AdoptForm | None = None,
    receipt: DayForm | None = None,
    comment: CommentForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, S = request.viewer, ForwardPlan.State  # noqa: N806
    own = viewer.is_bureau and viewer.office.code == plan.bureau_id
    edits = own and viewer.may(duties.FORWARD_PLAN, Access.EDIT)
    decides = viewer.may(duties.FORWARD_PLAN, Access.SUBMIT)
    today = {"day": clock.today()}
    waits = viewer.is_prefecture and plan.state == S.ADOPTED and plan.received_on is None
    meetings = ConferenceMeeting.objects.visible_to(viewer).filter(bureau=plan.bureau_id)
    comments = viewer.may(duties.FORWARD_PLAN, Access.COMMENT) and plan.state != S.REVISED
    adopt_form = adoption or AdoptForm(bureau=plan.bureau_id, initial=today)
    context = {
        "plan": plan,
        "listings": list(plan.listings.select_related("region__lead").order_by("region")),
        "initiatives": list(plan.initiatives.select_related("field", "region")),
        "reviews": list(plan.reviews.select_related("meeting").prefetch_related("lines__initiative")),
        "comments": list(plan.comments.all()) if _reads_comments(viewer, plan) else [],
        "meetings": list(meetings[:MEETINGS]) if viewer.may(duties.CONFERENCE) else [],
        "versions": ForwardPlan.objects.visible_to(viewer).filter(bureau=plan.bureau_id).order_by("-version"),
        "edits": edits,
        "may_edit": edits and plan.is_open,
        "may_discuss": edits and plan.state == S.DRAFT,
        "may_revise": edits and plan.state == S.ADOPTED,
        "adopt_form": adopt_form if own and decides and plan.is_open else None,
        "receive_form": (receipt or DayForm(label="受理日", initial=today)) if waits and decides else None,
        "comment_form": (comment or CommentForm()) if comments else None,
        "refused": refused,
    }
    return render(request, "regions/plan_detail.html", context, status=status)


def _reads_comments(viewer: Viewer, plan: ForwardPlan) -> bool:
    """Opinions are read by those they come from and go to: not by other bureaus or the association."""
    return viewer.is_prefecture or viewer.is_municipal or viewer.office.code == plan.bureau_id


urls = [
    path("plans/", plan_list, name="plan_list"),
    path("plans/new/", plan_new, name="plan_new"),
    path("plans/export/", plan_export, name="plan_export"),
    path("plans/<int:pk>/", plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", PlanEdit.as_view(), name="plan_edit"),
    path("plans/<int:pk>/discuss/", plan_discuss, name="plan_discuss"),
    path("plans/<int:pk>/comment/", plan_comment, name="plan_comment"),
    path("plans/<int:pk>/adopt/", plan_adopt, name="plan_adopt"),
    path("plans/<int:pk>/receive/", plan_receive, name="plan_receive"),
    path("plans/<int:pk>/revise/", plan_revise, name="plan_revise"),
    path("plans/<int:pk>/review/", plan_review, name="plan_review"),
    path("plans/<int:pk>/compare/", plan_compare, name="plan_compare"),
    path("plans/<int:pk>/plan.pdf", plan_pdf, name="plan_pdf"),
]
