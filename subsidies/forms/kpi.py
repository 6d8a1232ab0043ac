"""Step 5 of the wizard: the indicators of each initiative with their yearly path."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from common.part_forms import Grid, StepForm
from regions.forms import KpiRow, row_of

from ..models import Application, ApplicationProject
from ..services.fieldwork import KpiInput


class KpiStep(StepForm):
    """Step 5: one grid an initiative (`kpi12`)."""

    def __init__(
        self, items: list[ApplicationProject], years: list[int], data: QueryDict | None = None, *, more: str = ""
    ) -> None:
        self.items = items
        self.tables = []
        for item in items:
            name = f"kpi{item.project_id}"
            kpis = list(item.project.kpis.all())
            table = Grid(
                name,
                f"「{item.project.name}」のKPI",
                KpiRow,
                data=data,
                initial=None if data is not None else [row_of(kpi) for kpi in kpis],
                blank=2 if more == name else 0 if kpis else 1,
                years=years,
            )
            self.tables.append(table)
        self.grids = tuple(table.name for table in self.tables)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return tuple(self.tables)

    @property
    def kpis(self) -> list[KpiInput]:
        """Every row, for the service."""
        return [
            KpiInput(item.project_id, row.draft, row.cleaned_data["number"])
            for item, table in zip(self.items, self.tables, strict=True)
            for row in table.rows
        ]

    @property
    def removed(self) -> list[tuple[int, int]]:
        """(project id, number) of the KPIs that stand in the database and no longer in the form."""
        found = []
        for item, table in zip(self.items, self.tables, strict=True):
            kept = {row.cleaned_data["number"] for row in table.rows}
            found += [(item.project_id, kpi.number) for kpi in item.project.kpis.all() if kpi.number not in kept]
        return found


def kpi_years(application: Application, first: int, last: int) -> list[int]:
    """The fiscal years of the path: from this application's to the program's last, five at most."""
    return list(range(application.fiscal_year, min(max(last, first), application.fiscal_year + 4) + 1))
