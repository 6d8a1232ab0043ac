"""A draft of an agreement in its parts: parties and days, articles, annexed initiatives, costs.

Several planners may write at once: each part saves by itself and merges (`common/part_views.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.documents import freeze
from common.merging import Typed
from common.models import AuditEvent
from common.part_views import PartView
from common.request import Request
from common.viewer import Access
from municipalities.models import Municipality

from .. import services
from ..agreement_costs import split_of
from ..forms import ArticlesPart, CostsPart, FramePart, InitiativePart
from ..membership import members_on
from ..models import Agreement, AgreementInitiative
from ..papers.agreement import agreement_paper
from .common import act, agreement_or_404, require_planner

PARTS = (
    ("regions:agreement_edit", "当事者と期間"),
    ("regions:agreement_articles", "条文"),
    ("regions:agreement_initiatives", "別表：取組と役割分担"),
    ("regions:agreement_costs", "費用負担"),
)


class AgreementPart(PartView):
    """One part. A subclass names its address, builds its form and saves it."""

    address: ClassVar[str]

    agreement: Agreement

    def dispatch(self, request: Request, pk: int, **kwargs: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.agreement = request, agreement_or_404(request, pk, Access.EDIT)
        require_planner(request, self.agreement.region)
        if self.agreement.state != Agreement.State.DRAFT:
            messages.warning(
                request, f"「{self.agreement.get_state_display()}」の協定は書き換えられません。内容だけを表示します。"
            )
            return redirect("regions:agreement_detail", pk)
        self.find(**kwargs)
        return super().dispatch(request, pk)  # type: ignore[return-value]

    def find(self) -> None:
        """Find what else the address names."""
        return

    @property
    def revision(self) -> int:
        return self.agreement.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.agreement.changed_at

    def reload(self) -> None:
        self.agreement = agreement_or_404(self.request, self.agreement.pk, Access.EDIT)

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.agreement.region, internal=False).filter(action="agreement.update")
        return events.exclude(user_id=self.request.viewer.user_id)

    def next_url(self) -> str:
        go = self.request.POST.get("go", "")
        views = [view for view, _ in PARTS]
        if go == "leave":
            return reverse("regions:agreement_detail", args=[self.agreement.pk])
        if go == "next":
            at = views.index(self.address) + 1
            view = views[at] if at < len(views) else "regions:agreement_detail"
            return reverse(view, args=[self.agreement.pk])
        return reverse(self.address, args=[self.agreement.pk])

    def frame(self, base: Typed) -> dict[str, Any]:
        return super().frame(base) | part_context(self.agreement, self.address)

    def towns(self) -> list[Municipality]:
        """The parties, in code order."""
        rows = self.agreement.consents.select_related("municipality").order_by("municipality")
        return [row.municipality for row in rows]


class FrameView(AgreementPart):
    """当事者と期間."""

    address, template = "regions:agreement_edit", "regions/agreement_draft/frame_part.html"

    def form(self, data: QueryDict | None = None) -> FramePart:
        today, region = clock.today(), self.agreement.region
        towns = [row.municipality for row in members_on([region.pk], today)[region.pk]]
        return FramePart(self.agreement, towns, today, data)

    def keep(self, form: FramePart) -> None:  # type: ignore[override]
        services.update_agreement(
            self.agreement.pk, form.frame.draft(), viewer=self.request.viewer, revision=self.revision
        )


class ArticlesView(AgreementPart):
    """条文."""

    address, template = "regions:agreement_articles", "regions/agreement_draft/articles.html"

    def form(self, data: QueryDict | None = None) -> ArticlesPart:
        return ArticlesPart(self.agreement, data)

    def press(self, typed: Typed) -> Typed:
        button = self.request.POST.get("go", "")
        return self.form().pressed(typed, button) if button else typed

    def keep(self, form: ArticlesPart) -> None:  # type: ignore[override]
        services.save_articles(
            self.agreement.pk, form.form.drafts(), viewer=self.request.viewer, revision=self.revision
        )

    def next_url(self) -> str:
        act_of, _, key = self.request.POST.get("go", "").partition(":")
        moved = act_of in ("up", "down", "reset") and key.isalnum()
        anchor = f"#article-{key}" if moved else "#articles-end" if act_of == "add" else ""
        return super().next_url() + anchor


class InitiativeView(AgreementPart):
    """One row of the annexed table, a new one where the address names none."""

    address, template = "regions:agreement_initiatives", "regions/agreement_draft/initiative.html"

    row: AgreementInitiative | None = None

    def find(self, initiative: int | None = None) -> None:  # type: ignore[override]
        if initiative is not None:
            self.row = get_object_or_404(self.agreement.initiatives, pk=initiative)

    def form(self, data: QueryDict | None = None) -> InitiativePart:
        projects = list(self.agreement.region.projects.order_by("code"))
        return InitiativePart(self.row, self.towns(), projects, data)

    def keep(self, form: InitiativePart) -> None:  # type: ignore[override]
        self.row = services.save_initiative(
            self.agreement.pk,
            form.form.entry(),
            viewer=self.request.viewer,
            initiative_id=self.row.pk if self.row else None,
            revision=self.revision,
        )

    def context(self, form: InitiativePart) -> dict[str, Any]:  # type: ignore[override]
        return {"initiative": self.row}


class CostsView(AgreementPart):
    """費用負担: the method, the fixed shares, and what comes of it."""

    address, template = "regions:agreement_costs", "regions/agreement_draft/costs.html"
    pieces_shown = ("regions/agreement_draft/_costs_table.html",)

    def form(self, data: QueryDict | None = None) -> CostsPart:
        return CostsPart(self.agreement, self.towns(), data)

    def keep(self, form: CostsPart) -> None:  # type: ignore[override]
        services.save_costs(self.agreement.pk, viewer=self.request.viewer, revision=self.revision, **form.form.values())

    def context(self, form: CostsPart) -> dict[str, Any]:  # type: ignore[override]
        shares = dict(self.agreement.consents.values_list("municipality", "share_bp"))
        trouble = "" if self.agreement.cost_method == "none" else split_of(self.agreement, shares).problem
        return {"costs": freeze(agreement_paper(self.agreement))["costs"], "trouble": trouble}


def agreement_initiatives(request: Request, pk: int) -> HttpResponse:
    """The annexed table of a draft, row by row."""
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    if agreement.state != Agreement.State.DRAFT:
        return redirect("regions:agreement_detail", pk)
    rows = agreement.initiatives.select_related("secretariat").prefetch_related("fields", "roles__municipality")
    context = {"rows": list(rows)} | part_context(agreement, "regions:agreement_initiatives")
    return render(request, "regions/agreement_draft/initiatives.html", context)


@require_POST
def agreement_initiative_move(request: Request, pk: int, initiative: int) -> HttpResponse:
    """Move a row of the annexed table up or down."""
    agreement = _draft(request, pk, initiative)
    services.move_initiative(agreement.pk, initiative, up=request.POST.get("to") != "down", viewer=request.viewer)
    return redirect("regions:agreement_initiatives", pk)


@require_POST
def agreement_initiative_remove(request: Request, pk: int, initiative: int) -> HttpResponse:
    """Take a row out of the annexed table."""
    agreement = _draft(request, pk, initiative)
    return act(
        request,
        lambda: services.remove_initiative(agreement.pk, initiative, viewer=request.viewer),
        "別表から取組を削除しました。",
        "regions:agreement_initiatives",
        pk,
    )


def part_context(agreement: Agreement, address: str) -> dict[str, Any]:
    """What the page of every part shows: the version and the line of parts."""
    parts = [(reverse(view, args=[agreement.pk]), title, view == address) for view, title in PARTS]
    title = dict(PARTS)[address]
    return {"agreement": agreement, "region": agreement.region, "parts": parts, "part_title": title}


def _draft(request: Request, pk: int, initiative: int) -> Agreement:
    agreement = agreement_or_404(request, pk, Access.EDIT)
    require_planner(request, agreement.region)
    get_object_or_404(agreement.initiatives, pk=initiative)
    return agreement


_ROW = "agreements/<int:pk>/edit/initiatives/<int:initiative>/"
urls = [
    path("agreements/<int:pk>/edit/", FrameView.as_view(), name="agreement_edit"),
    path("agreements/<int:pk>/edit/articles/", ArticlesView.as_view(), name="agreement_articles"),
    path("agreements/<int:pk>/edit/initiatives/", agreement_initiatives, name="agreement_initiatives"),
    path("agreements/<int:pk>/edit/initiatives/new/", InitiativeView.as_view(), name="agreement_initiative_new"),
    path(_ROW, InitiativeView.as_view(), name="agreement_initiative"),
    path(_ROW + "move/", agreement_initiative_move, name="agreement_initiative_move"),
    path(_ROW + "remove/", agreement_initiative_remove, name="agreement_initiative_remove"),
    path("agreements/<int:pk>/edit/costs/", CostsView.as_view(), name="agreement_costs"),
]
