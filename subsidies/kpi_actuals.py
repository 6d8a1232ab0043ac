"""What the indicators of a grant's initiatives reached in its fiscal year, taken from the region's own KPIs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from municipalities.population import percent
from regions.achievement import achievement
from regions.kpi_records import KpiRecord, records_of
from regions.kpi_words import figure
from regions.models import Kpi

from .models import Application

NONE = "－"


@dataclass(frozen=True)
class KpiLine:
    """One indicator in one fiscal year, as people read it; `actual` is － where nobody has entered it yet."""

    record: KpiRecord
    year: int

    @property
    def kpi(self) -> Kpi:
        return self.record.kpi

    @property
    def entered(self) -> bool:
        return self.year in self.record.actuals

    @property
    def planned(self) -> str:
        found = self.record.planned(self.year)
        return figure(found.value) if found else NONE

    @property
    def actual(self) -> str:
        return figure(self._value) if self.entered else NONE

    @property
    def target(self) -> str:
        plan = self.record.plan
        return figure(plan.target) + (self.kpi.get_qualifier_display() if self.kpi.qualifier else "")

    @property
    def achieved(self) -> str:
        """達成率 of the actual, or 達成・未達成 where no way can be measured."""
        if not self.entered:
            return NONE
        found = achievement(self.record.plan, self._value)
        if found.share is not None:
            return f"{percent(found.share, 1)}％"
        return NONE if found.reached is None else "達成" if found.reached else "未達成"

    @property
    def _value(self) -> Fraction:
        return Fraction(self.record.actuals[self.year].value)

    @property
    def source(self) -> str:
        return self.kpi.data_source


def kpi_lines(application: Application) -> list[KpiLine]:
    """The indicators of the application's initiatives in its fiscal year; a constant number of queries."""
    projects = application.items.values("project")
    kpis = Kpi.objects.filter(project__in=projects).order_by("project__code", "number")
    return [KpiLine(record, application.fiscal_year) for record in records_of(kpis)]
