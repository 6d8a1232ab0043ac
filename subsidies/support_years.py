"""Which year of support an application asks for, for many applications at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from .models import Application, RuleSetVersion, SupportYear
from .rules.money import support_year


def support_numbers(applications: Iterable[Application]) -> dict[int, int]:
    """Return {application pk: number of its support year}, counted as its ruleset counts (C-09). Two queries.

    Applications whose program limits no years are left out.
    """
    rows = list(applications)
    if not rows:
        return {}
    known: dict[tuple[str, str], list[int]] = defaultdict(list)
    supported = SupportYear.objects.filter(region__in={row.region_id for row in rows})
    for program, region, year in supported.values_list("program", "region", "fiscal_year"):
        known[program, region].append(year)
    counting = _counting({row.call.ruleset_id for row in rows})
    return {
        row.pk: support_year(
            years=[year for year in known[row.call.program_id, row.region_id] if year < row.fiscal_year],
            fiscal_year=row.fiscal_year,
            counting=counting[row.call.ruleset_id],
        )
        for row in rows
        if counting.get(row.call.ruleset_id)
    }


def _counting(rulesets: set[int]) -> dict[int, str]:
    """How each ruleset counts years (window or count); empty where it does not limit them."""
    chosen = RuleSetVersion.objects.filter(pk__in=rulesets)
    rows = chosen.values_list("pk", "content__parameters__year_counting", "content__parameters__max_years")
    return {pk: str(_value(counting)) if _value(longest) else "" for pk, counting, longest in rows}


def _value(entry: object) -> object:
    return entry.get("value") if isinstance(entry, dict) else entry
