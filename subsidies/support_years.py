"""Which year of support an application asks for, for many applications at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .models import Application, SupportYear
from .rules.money import support_year
from .rulesets import Traits, traits


def support_numbers(
    applications: Iterable[Application], rulesets: Mapping[int, Traits] | None = None
) -> dict[int, int]:
    """Return {application pk: number of its support year}, counted as its ruleset counts (C-09). One or two queries.

    Applications whose ruleset limits no years are left out. `rulesets` are `rulesets.traits()` where they are known.
    """
    rows = list(applications)
    if not rows:
        return {}
    known: dict[tuple[str, str], list[int]] = defaultdict(list)
    supported = SupportYear.objects.filter(region__in={row.region_id for row in rows}).order_by()
    for program, region, year in supported.values_list("program", "region", "fiscal_year"):
        known[program, region].append(year)
    rulesets = rulesets or traits()
    return {
        row.pk: support_year(
            years=[year for year in known[row.call.program_id, row.region_id] if year < row.fiscal_year],
            fiscal_year=row.fiscal_year,
            counting=rulesets[row.call.ruleset_id].counting,
        )
        for row in rows
        if rulesets[row.call.ruleset_id].counting
    }
