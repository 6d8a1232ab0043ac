"""Writing a change, a stop or a delay: two may write it; what it means is said beside the form as it is typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from common import audit, clock
from common.access import require
from common.merging import Typed
from common.models import AuditEvent
from common.part_views import PartView
from common.request import Request
from common.viewer import Viewer
from regions.models import Project, RegionMembership

from ..approved_plan import Plan
from ..changing import Weighed
from ..duties import CHANGE
from ..forms.changes import ChangeForm, Choice
from ..models import Application, ChangeRequest
from ..rows import load_rows
from ..services import changes
from ..services.advance import hindrances
from ..state_badges import badge
from ..workflow import Action
from .finding import application_for


class ChangeEdit(PartView):
    """One request as the towns write it."""

    template = "subsidies/changes/edit.html"
    pieces_shown = ("subsidies/changes/_said.html",)

    application: Application
    change: ChangeRequest

    def dispatch(self, request: Request, pk: int, number: int) -> HttpResponse:  # type: ignore[override]
        self.request = request
        self._find(pk, number)
        require(request.viewer, CHANGE)
        if not changes.may_write(self.application, request.viewer):
            raise PermissionDenied(changes.WRITES)
        if not self.change.editable:
            messages.warning(request, "提出した書類は書き換えられません。内容だけを表示します。")
            return redirect("subsidies:change_detail", pk, number)
        self.choice = (
            _choice(self.change, request.viewer) if self.change.kind == ChangeRequest.Kind.CHANGE else Choice()
        )
        return super().dispatch(request, pk, number)  # type: ignore[return-value]

    def _find(self, pk: int, number: int) -> None:
        self.application = application_for(self.request, pk)
        if self.application.granted_yen is None:
            raise Http404
        self.change = get_object_or_404(self.application.changes, number=number)
        self.change.application = self.application
        if self.change.kind == ChangeRequest.Kind.CHANGE:
            load_rows(self.application)

    def form(self, data: QueryDict | None = None) -> ChangeForm:
        return ChangeForm(self.change, self.choice, data, more=self.more)

    @property
    def revision(self) -> int:
        return self.change.revision

    @property
    def saved_at(self) -> datetime | None:
        return None if self.change.revision == 1 else self.change.saved_at

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.application, internal=False).filter(action="change.save")
        return events.exclude(user_id=self.request.viewer.user_id)

    def next_url(self) -> str:
        where = [self.application.pk, self.change.number]
        if self.request.POST.get("go") in ("leave", "on"):
            return reverse("subsidies:change_detail", args=where)
        url = reverse("subsidies:change_edit", args=where)
        return f"{url}?more={self.more}#grid-{self.more}" if self.more.isidentifier() else url

    def keep(self, form: ChangeForm) -> None:  # type: ignore[override]
        changes.write(
            application_id=self.application.pk,
            number=self.change.number,
            draft=form.draft,
            revision=self.change.revision,
            viewer=self.request.viewer,
        )

    def reload(self) -> None:
        self._find(self.application.pk, self.change.number)

    def frame(self, base: Typed) -> dict[str, Any]:
        weighed = Weighed.of(self.change)
        action = changes.action_of(self.change, weighed)
        viewer = self.request.viewer
        return super().frame(base) | {
            "application": self.application,
            "badge": badge(self.application, viewer),
            "change": self.change,
            "is_change": self.change.kind == ChangeRequest.Kind.CHANGE,
            "weighed": weighed,
            "light": action == Action.FILE_LIGHT_CHANGE,
            "problems_now": hindrances(self.application, action, viewer, change=self.change, weighed=weighed),
            "today": clock.today(),
        }


def _choice(change: ChangeRequest, viewer: Viewer) -> Choice:
    """Towns and initiatives of the region that are not in the plan that counts now; two queries."""
    plan, region = Plan.from_json(change.before), change.application.region_id
    members = RegionMembership.objects.on(clock.today()).filter(region=region)
    towns = members.exclude(municipality__in=[share.code for share in plan.shares]).order_by("municipality")
    projects = (
        Project.objects.visible_to(viewer)
        .filter(region=region)
        .exclude(pk__in=[project.id for project in plan.projects])
    )
    return Choice(
        tuple(towns.values_list("municipality", "municipality__name")), tuple(projects.values_list("pk", "name"))
    )
