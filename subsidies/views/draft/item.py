"""A field officer's part: content, costs and indicators of the one initiative that is assigned to her."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from common.errors import Conflict, Refused
from common.part_forms import Problem
from common.request import Request

from ...forms.item import ItemStep
from ...forms.kpi import kpi_years
from ...models import ApplicationProject
from ...rulesets import rules_of
from ...services import fieldwork
from ...services.drafts import may_write
from ...state_badges import badge
from ...sums import sums_of
from ..finding import application_for


def draft_item(request: Request, pk: int) -> HttpResponse:
    """Lead to the first initiative that is assigned to this person."""
    application = application_for(request, pk)
    item = application.items.filter(assignees=request.viewer.works_as).order_by("order").first()
    if item is None:
        raise PermissionDenied("あなたに割り当てられた取組がありません。企画担当に確認してください。")
    return redirect("subsidies:draft_item_edit", pk, item.pk)


class ItemView(View):
    """取組の担当分. Saved whole by one button; what others saved meanwhile is told, never overwritten unseen."""

    request: Request

    def dispatch(self, request: Request, pk: int, item: int) -> HttpResponse:  # type: ignore[override]
        self.application = application_for(request, pk)
        items = self.application.items.select_related("project").prefetch_related("project__kpis__targets")
        found = items.filter(pk=item).first()
        if found is None or not may_write(self.application, request.viewer, item_id=item):
            raise PermissionDenied("割り当てられた取組だけを入力できます。")
        if not self.application.editable:
            return redirect("subsidies:application_detail", pk)
        self.item: ApplicationProject = found
        return super().dispatch(request, pk, item)  # type: ignore[return-value]

    def step(self, data: Any = None) -> ItemStep:
        rules = rules_of(self.application.call.ruleset)
        years = kpi_years(self.application, self.application.fiscal_year, int(rules.value("fy_to")))
        more = self.request.GET.get("more", "")
        return ItemStep(self.application, self.item, years, data, more=more)

    def get(self, request: Request, pk: int, item: int) -> HttpResponse:
        return self.page(self.step(), [])

    def post(self, request: Request, pk: int, item: int) -> HttpResponse:
        data = request.POST.copy()
        if drop := data.get("drop"):
            for name in [name for name in data if name.startswith(f"{drop}-")]:
                del data[name]
        form = self.step(data)
        if not form.is_valid():
            return self.page(form, form.problems)
        try:
            fieldwork.save_part(
                application_id=pk,
                viewer=request.viewer,
                revision=int(data.get("revision") or 0),
                item_id=item,
                content=form.content,
                scale=form.scale,
                costs=form.lines,
                kpis=form.kpis.kpis,
                removed=form.kpis.removed,
            )
        except Conflict:
            return self.page(form, [Problem(CHANGED)])
        except Refused as refused:
            return self.page(form, [Problem(text) for text in refused.problems])
        messages.success(request, f"取組「{self.item.project.name}」の内容を保存しました。")
        more = data.get("more", "")
        here = reverse("subsidies:draft_item_edit", args=[pk, item])
        return HttpResponseRedirect(f"{here}?more={more}#grid-{more}" if more.isidentifier() else here)

    def page(self, form: ItemStep, problems: list[Problem]) -> HttpResponse:
        own = self.application.items.filter(assignees=self.request.viewer.works_as).select_related("project")
        read = [row.cleaned_data if row.is_bound and row.is_valid() else row.initial for row in form.costs.rows]
        context = {
            "application": self.application,
            "badge": badge(self.application, self.request.viewer),
            "item": self.item,
            "others": [one for one in own if one.pk != self.item.pk],
            "form": form,
            "problems": problems,
            "sums": sums_of(read, [], None, []),
        }
        return render(self.request, "subsidies/draft/item.html", context, status=422 if problems else 200)


CHANGED = (
    "ほかの人がこの申請を更新しました。入力した内容はこの画面に残っています。もう一度「保存する」を押すと、"
    "この取組の内容と経費をあなたの入力で保存します（ほかの取組は変わりません）。"
)
