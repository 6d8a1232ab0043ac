"""One initiative's part of an application: what its field officer writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from common.part_forms import Grid, StepForm

from ..models import Application, ApplicationProject
from .costs import CostRow, cost_row
from .kpi import KpiStep


class PartForm(forms.Form):
    """This year's content of the initiative."""

    content = forms.CharField(label="今年度の内容", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    scale = forms.CharField(
        label="規模・回数", required=False, max_length=200, widget=forms.TextInput(attrs={"size": 30})
    )


class ItemStep(StepForm):
    """Content, cost lines and KPIs of one initiative."""

    grids: tuple[str, ...] = ("costs",)

    def __init__(
        self,
        application: Application,
        item: ApplicationProject,
        years: list[int],
        data: QueryDict | None = None,
        *,
        more: str = "",
    ) -> None:
        members = [(part.municipality_id, part.municipality.name) for part in application.parts.all()]
        lines = [cost_row(line) for line in application.costs.all() if line.project_id == item.project_id]
        self.part = PartForm(data, initial={"content": item.content, "scale": item.scale})
        self.costs = Grid(
            "costs",
            "経費",
            CostRow,
            data=data,
            initial=None if data is not None else lines,
            blank=6 if more == "costs" else 2,
            projects=[(str(item.project_id), item.project.name)],
            members=members,
        )
        self.kpis = KpiStep([item], years, data, more=more)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.part, self.costs, *self.kpis.parts())

    @property
    def content(self) -> str:
        return str(self.part.cleaned_data["content"])

    @property
    def scale(self) -> str:
        return str(self.part.cleaned_data["scale"])

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [row.line for row in self.costs.rows]
