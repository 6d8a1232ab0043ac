"""Programs and initiatives of a region year by year: what its page and the paper D-27 show as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from common.fiscal_year import FiscalYear
from regions import history
from regions.karte import Happening
from regions.models import Project, Region, RegionLink
from subsidies.models import Application, SupportYear
from subsidies.states import UNDER_REVIEW

SUPPORTED, BY_ITSELF, NOTHING = "supported", "self", ""


@dataclass(frozen=True)
class Band:
    """Neighbouring years of one program, or without one."""

    title: str
    years: int
    supported: bool


@dataclass(frozen=True)
class ProjectLine:
    """One initiative (its id): SUPPORTED, BY_ITSELF or NOTHING for each year; `earlier` is a name it bore before."""

    project: int
    name: str
    earlier: str
    cells: list[str]


@dataclass(frozen=True)
class History:
    """The table; `amounts` is what was granted in each year in yen (None without a record), `states` what is under
    review. Both are empty where this office may not know them."""

    years: list[FiscalYear]
    bands: list[Band]
    lines: list[ProjectLine]
    amounts: list[int | None]
    states: list[str]
    support: list[SupportYear]

    @property
    def money(self) -> list[tuple[int | None, str]]:
        """(granted, 審査中 or empty) of each year."""
        return list(zip(self.amounts, self.states, strict=True))

    @property
    def granted_yen(self) -> int | None:
        """Everything granted, None where no amount is recorded."""
        known = [amount for amount in self.amounts if amount is not None]
        return sum(known) if known else None

    @property
    def first_granted(self) -> FiscalYear | None:
        return next((year for year, amount in zip(self.years, self.amounts, strict=False) if amount is not None), None)

    @property
    def assumed(self) -> bool:
        """Whether some year of support is assumed (推定)."""
        return any(row.basis == SupportYear.Basis.INFERRED for row in self.support)


def history_of(region: Region, links: Iterable[RegionLink], this_year: FiscalYear, *, with_money: bool) -> History:
    """Put together the region and the regions it continues, from the first year of support to this one."""
    codes = [region.pk, *(link.predecessor_id for link in links if link.successor_id == region.pk and link.continued)]
    support = list(
        SupportYear.objects.filter(region__in=codes)
        .select_related("program")
        .prefetch_related("projects")
        .order_by("fiscal_year", "program__order")
    )
    projects = list(Project.objects.filter(region__in=codes).prefetch_related("names").order_by("from_fy", "code"))
    first = min([row.fiscal_year for row in support] + [project.from_fy for project in projects], default=this_year)
    last = max([this_year, *(row.fiscal_year for row in support)])
    years = [FiscalYear(year) for year in range(first, last + 1)]
    by_year = {row.fiscal_year: row for row in support}
    under_review = _under_review(codes) if with_money else {}
    return History(
        years=years,
        bands=_bands(years, by_year),
        lines=[_line(project, years, support) for project in projects],
        amounts=[by_year[year].amount_yen if year in by_year else None for year in years] if with_money else [],
        states=[under_review.get(year, "") for year in years] if with_money else [],
        support=support,
    )


def support_label(support: list[SupportYear], this_year: FiscalYear) -> str:
    """加速化事業 4年目, where the region is supported this year; empty otherwise."""
    now = next((row for row in support if row.fiscal_year == this_year), None)
    if now is None:
        return ""
    first = min(row.fiscal_year for row in support if row.program_id == now.program_id)
    return f"{now.program.short_name} {this_year - first + 1}年目"


def support_spans(support: list[SupportYear]) -> list[tuple[str, date, date]]:
    """(program, first day, last day) of each program's years without a gap, in their order."""
    spans: list[tuple[str, date, date]] = []
    for row in sorted(support, key=lambda row: row.fiscal_year):
        year = FiscalYear(row.fiscal_year)
        name = row.program.short_name
        if spans and spans[-1][0] == name and (year.first_day - spans[-1][2]).days == 1:
            spans[-1] = (name, spans[-1][1], year.last_day)
        else:
            spans.append((name, year.first_day, year.last_day))
    return spans


def support_happenings(support: list[SupportYear]) -> list[Happening]:
    """When support by each program began and ended."""
    found = []
    rows = sorted(support, key=lambda row: (row.program.order, row.fiscal_year))
    for program, group in groupby(rows, key=lambda row: row.program):
        years = list(group)
        start, end = FiscalYear(years[0].fiscal_year), FiscalYear(years[-1].fiscal_year)
        found.append(Happening(start.first_day, start.wareki, f"{program.short_name}で取組を始める", years[0].source))
        if years[-1].basis == SupportYear.Basis.INFERRED:
            text = f"{program.short_name}の支援が終わる（推定、{len(years)}年）"
            found.append(Happening(end.last_day, end.wareki, text, years[-1].source))
    return found


def _bands(years: list[FiscalYear], by_year: dict[int, SupportYear]) -> list[Band]:
    def title(year: FiscalYear) -> tuple[str, bool]:
        if year in by_year:
            return by_year[year].program.name, True
        return ("記録なし" if history.KNOWN_UNTIL < year <= history.LAST_YEAR else "支援なし"), False

    return [Band(name, len(list(group)), supported) for (name, supported), group in groupby(years, key=title)]


def _line(project: Project, years: list[FiscalYear], support: list[SupportYear]) -> ProjectLine:
    supported = {row.fiscal_year for row in support if project in row.projects.all()}
    alone = project.state == Project.State.SELF_RUNNING
    after = max(supported, default=project.from_fy - 1)

    def cell(year: FiscalYear) -> str:
        if year in supported:
            return SUPPORTED
        runs = alone and year > after and (project.to_fy is None or year <= project.to_fy)
        return BY_ITSELF if runs else NOTHING

    names = [row.name for row in project.names.all() if row.name != project.name]
    return ProjectLine(project.pk, project.name, names[-1] if names else "", [cell(year) for year in years])


def _under_review(codes: list[str]) -> dict[int, str]:
    rows = Application.objects.filter(region__in=codes, state__in=UNDER_REVIEW).values_list("fiscal_year", flat=True)
    return dict.fromkeys(rows, "審査中")
