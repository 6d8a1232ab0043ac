"""What the annual report of one fiscal year rests on, read once for all chapters.

Everything starts from what its reader may know; the report itself is made for headquarters and auditors, who may know
all that was ever submitted.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property

from django.db.models import Q

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Bureau
from regions.models import Field, Project, RegionMembership, RegionName
from regions.models.region import Basis
from subsidies.models import Application, Program, RuleSetVersion, SupportYear
from subsidies.rules.ruleset import RuleSet
from subsidies.rulesets import rules_of

ASSUMED = "推定"


class AnnualGround:
    """The year, the day it is told on, and the rows that several chapters use."""

    def __init__(self, year: FiscalYear, viewer: Viewer, prefecture: str, name: str) -> None:
        self.year, self.viewer, self.prefecture, self.name = year, viewer, prefecture, name
        self.on: date = min(year.last_day, clock.today())

    @cached_property
    def programs(self) -> list[Program]:
        """The programs that ran in the year or before, in their order."""
        begun = {version.program_id for version in self.versions}
        rows = Program.objects.visible_to(self.viewer).filter(prefecture=self.prefecture).order_by("order")
        return [row for row in rows if row.pk in begun]

    @cached_property
    def versions(self) -> list[RuleSetVersion]:
        """The newest published rules of each program that had begun by the year."""
        rows = RuleSetVersion.objects.published_ever().filter(
            effective_from_fy__lte=self.year, program__prefecture=self.prefecture
        )
        newest: dict[str, RuleSetVersion] = {}
        for row in rows.order_by("program__order", "version"):
            newest[row.program_id] = row
        return list(newest.values())

    @cached_property
    def rules(self) -> dict[str, RuleSet]:
        """The rules of each program."""
        return {version.program_id: rules_of(version) for version in self.versions}

    @cached_property
    def support(self) -> list[SupportYear]:
        """Every year of support up to this one, by region and year, with region and initiatives."""
        rows = SupportYear.objects.filter(fiscal_year__lte=self.year, region__prefecture=self.prefecture)
        return list(
            rows.select_related("program", "region__lead_bureau")
            .prefetch_related("projects__names", "projects__main_field", "projects__fields")
            .order_by("program__order", "region", "fiscal_year")
        )

    def support_of(self, program: str) -> list[SupportYear]:
        return [row for row in self.support if row.program_id == program]

    @cached_property
    def _members(self) -> dict[str, list[RegionMembership]]:
        found: dict[str, list[RegionMembership]] = defaultdict(list)
        supported = SupportYear.objects.filter(fiscal_year__lte=self.year, region__prefecture=self.prefecture)
        rows = RegionMembership.objects.filter(region__in=supported.values("region"))
        for row in rows.select_related("municipality").order_by("municipality"):
            found[row.region_id].append(row)
        return found

    def members_in(self, region: str, year: int) -> list[RegionMembership]:
        """Who belonged to the region at the end of the fiscal year, in the order of codes."""
        last = FiscalYear(year).last_day
        return [
            row
            for row in self._members[region]
            if row.joined_on <= last and (row.left_on is None or row.left_on >= last)
        ]

    def members_assumed(self, region: str, year: int) -> bool:
        """Whether some membership of that year is assumed (推定)."""
        return any(row.basis == Basis.INFERRED for row in self.members_in(region, year))

    @cached_property
    def _names(self) -> dict[str, list[RegionName]]:
        found: dict[str, list[RegionName]] = defaultdict(list)
        for row in RegionName.objects.filter(region__prefecture=self.prefecture).order_by("valid_from"):
            found[row.region_id].append(row)
        return found

    def name_in(self, code: str, year: int, now: str) -> str:
        """What the region was called at the end of the fiscal year; `now` where no names are recorded."""
        borne = [row.name for row in self._names[code] if row.valid_from <= FiscalYear(year).last_day]
        return borne[-1] if borne else now

    @cached_property
    def fields(self) -> list[Field]:
        return list(Field.objects.order_by("order"))

    @cached_property
    def bureaus(self) -> list[Bureau]:
        return list(Bureau.objects.filter(prefecture=self.prefecture, parent=None).order_by("order"))

    @cached_property
    def applications(self) -> list[Application]:
        """Applications of this year and the years before that were ever submitted, by program and region."""
        rows = Application.objects.visible_to(self.viewer).filter(
            Q(submitted_at__isnull=False), fiscal_year__lte=self.year, region__prefecture=self.prefecture
        )
        return list(
            rows.select_related("call__program", "region", "lead", "lead_bureau").order_by(
                "call__program__order", "region", "fiscal_year", "number"
            )
        )

    @cached_property
    def of_this_year(self) -> list[Application]:
        return [row for row in self.applications if row.fiscal_year == self.year]

    def projects_of(self, program: str) -> dict[int, Project]:
        """The initiatives that a program ever supported, by id."""
        return {project.pk: project for row in self.support_of(program) for project in row.projects.all()}


def short_years(years: list[int]) -> str:
    """H27–H29 for years without a gap, R3・R5 otherwise."""
    if not years:
        return "－"
    marks = [FiscalYear(year).short for year in years]
    if len(years) > 1 and years == list(range(years[0], years[-1] + 1)):
        return f"{marks[0]}–{marks[-1]}"
    return "・".join(marks)
