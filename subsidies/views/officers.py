"""事業担当を選ぶ: a planner lets field officers of her own town write their initiatives."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from common.directory import field_officers
from common.errors import Refused
from common.request import Request
from common.viewer import Duty

from ..forms.officers import OfficersForm
from ..services import fieldwork
from ..services.drafts import may_write
from ..state_badges import badge
from .finding import application_for, posted


def application_officers(request: Request, pk: int) -> HttpResponse:
    """Tick for each initiative who writes it; those officers then see this initiative alone."""
    application, viewer = application_for(request, pk), request.viewer
    if not (viewer.has(Duty.MP) and may_write(application, viewer)):
        raise PermissionDenied(fieldwork.ASSIGNS)
    if not application.editable:
        messages.warning(request, f"「{application.get_state_display()}」の申請では、事業担当を変えられません。")
        return redirect("subsidies:application_detail", pk)
    officers = field_officers(viewer.office.code)
    items = application.items.select_related("project").prefetch_related("assignees").order_by("order", "pk")
    form = OfficersForm(posted(request), items=list(items), officers=officers)
    if request.method == "POST" and form.is_valid():
        try:
            changed = fieldwork.assign(application_id=pk, viewer=viewer, chosen=form.chosen)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(
                request, "事業担当を保存しました。" if changed else "事業担当は、前と同じです。変更はありません。"
            )
            return redirect("subsidies:application_detail", pk)
    own = {officer.user_id for officer in officers}
    context = {
        "application": application,
        "badge": badge(application, viewer),
        "form": form,
        "officers": officers,
        "rows": [
            (item, form[f"item-{item.pk}"], [user for user in item.assignees.all() if user.pk not in own])
            for item in form.items
        ],
    }
    return render(request, "subsidies/application_officers.html", context, status=422 if form.is_bound else 200)


urls = [path("applications/<int:pk>/officers/", application_officers, name="application_officers")]
