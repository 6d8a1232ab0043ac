"""Step 5: the indicators of each initiative. They belong to the region and serve its vision and reports too."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from common import audit
from common.models import AuditEvent

from ...forms.kpi import KpiStep, kpi_years
from ...models import ApplicationProject
from ...rulesets import rules_of
from ...services import fieldwork
from .frame import StepView


class KpiView(StepView):
    """KPI."""

    slug = "kpi"
    template = "subsidies/draft/kpi.html"

    @cached_property
    def years(self) -> list[int]:
        rules = rules_of(self.application.call.ruleset)
        return kpi_years(self.application, self.application.fiscal_year, int(rules.value("fy_to")))

    @property
    def items(self) -> list[ApplicationProject]:
        return list(self.application.items.all())

    def form(self, data: QueryDict | None = None) -> KpiStep:
        return KpiStep(self.items, self.years, data, more=self.more)

    def keep(self, form: KpiStep) -> None:  # type: ignore[override]
        self.numbers = fieldwork.save_kpis(
            application_id=self.application.pk, viewer=self.request.viewer, kpis=form.kpis, removed=form.removed
        )

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        """KPIs belong to the region: their saves are written there."""
        events = audit.timeline(self.application.region, internal=False).filter(action__startswith="kpi.")
        return events.exclude(user_id=self.request.viewer.user_id)

    def context(self, form: KpiStep) -> dict[str, Any]:  # type: ignore[override]
        rows = [row for table in form.tables for row in table.rows]
        numbers = getattr(self, "numbers", [])
        return {
            "years": self.years,
            "tables": list(zip(form.items, form.tables, strict=True)),
            "numbered": list(zip(rows, numbers, strict=False)) if len(rows) == len(numbers) else [],
            "live_piece": "subsidies/draft/_numbers.html",
        }
