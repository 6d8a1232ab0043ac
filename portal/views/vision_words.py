"""A field officer's own initiative in a vision (matrix row 6): its words, written beside the planners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from common import audit, clock
from common.models import AuditEvent
from common.part_forms import StepForm
from common.part_views import PartView
from common.request import Request
from regions import services
from regions.forms.vision_parts import OwnItemPart
from regions.models import Vision, VisionProject
from regions.services.access import is_member
from regions.views.common import vision_or_404
from regions.views.vision_parts import FROZEN
from subsidies.initiatives import assigned_to

WRITES = "ビジョンの取組の記載は、企画担当と、その取組を割り当てられた事業担当が書きます。"


class OwnItemView(PartView):
    """概要・役割 of one initiative of a version that is being written."""

    template = "regions/vision/own_item.html"
    vision: Vision
    item: VisionProject

    def dispatch(self, request: Request, pk: int, item: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.vision = request, vision_or_404(request, pk)
        rows = self.vision.items.select_related("project").prefetch_related("parts")
        self.item = get_object_or_404(rows, pk=item)
        viewer = request.viewer
        member = viewer.is_municipal and is_member(self.vision.region, viewer.office.code, clock.today())
        if not (member and self.item.project_id in assigned_to(viewer)):
            raise PermissionDenied(WRITES)
        if not self.vision.is_open:
            messages.warning(request, FROZEN.format(self.vision.get_state_display()))
            return redirect("regions:vision_detail", pk)
        return super().dispatch(request, pk, item=item)  # type: ignore[return-value]

    def form(self, data: QueryDict | None = None) -> OwnItemPart:
        return OwnItemPart(self.item, self.request.viewer.office.code, data)

    @property
    def revision(self) -> int:
        return self.vision.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.vision.updated_at

    def reload(self) -> None:
        self.vision = vision_or_404(self.request, self.vision.pk)
        self.item = self.vision.items.select_related("project").get(pk=self.item.pk)

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.vision, internal=False).filter(action="vision.edit")
        return events.exclude(user_id=self.request.viewer.user_id)

    def keep(self, form: StepForm) -> None:
        assert isinstance(form, OwnItemPart)
        services.save_entrusted_item(
            self.vision.pk, self.item.pk, form.typed, revision=self.vision.revision, viewer=self.request.viewer
        )

    def next_url(self) -> str:
        leave = self.request.POST.get("go") == "leave"
        return reverse("regions:vision_detail", args=[self.vision.pk]) if leave else self.request.path

    def context(self, form: StepForm) -> dict[str, Any]:
        return {"vision": self.vision, "region": self.vision.region, "item": self.item}
