"""Which initiatives are asked how they go on after the support, and in which years (自走化, row 27)."""

from __future__ import annotations

from collections.abc import Iterable

from ..closing import asked_years
from ..models import Application, FollowUp, SupportYear
from ..states import State


def ask_about(projects: Iterable[int]) -> None:
    """Ask about each year that the closed grants of these initiatives name and in which no grant supports them.

    A question that nobody has touched goes where support came after all. Call it inside the transaction that closed a
    file or changed what is supported. Five queries.
    """
    keys = set(projects)
    supported = set(SupportYear.objects.filter(projects__in=keys).values_list("projects", "fiscal_year"))
    wanted: dict[tuple[int, int], int] = {}
    for application, project in _closed(keys):
        for year in asked_years(application):
            if (project, year) not in supported:
                wanted[project, year] = application.pk
    standing = {(row.project_id, row.fiscal_year): row for row in FollowUp.objects.filter(project__in=keys)}
    gone = [row.pk for place, row in standing.items() if place not in wanted and not row.touched]
    FollowUp.objects.filter(pk__in=gone).delete()
    FollowUp.objects.bulk_create(
        (
            FollowUp(project_id=project, application_id=application, fiscal_year=year)
            for (project, year), application in wanted.items()
            if (project, year) not in standing
        ),
        ignore_conflicts=True,
    )


def _closed(projects: set[int]) -> list[tuple[Application, int]]:
    """The closed grants that held one of the initiatives, each with it; the last one of an initiative comes last."""
    closed = Application.objects.filter(state=State.CLOSED, items__project__in=projects)
    rows = closed.select_related("call__ruleset").distinct().prefetch_related("items").order_by("fiscal_year", "pk")
    return [(row, item.project_id) for row in rows for item in row.items.all() if item.project_id in projects]
