"""What the filters of lists offer: 「すべて」 first, then the years or the bureaus in their order."""

from __future__ import annotations

from collections.abc import Iterable

from common.fiscal_year import FiscalYear
from regions.plan_overview import bureaus

ALL = ("", "すべて")


def year_choices(years: Iterable[int]) -> list[tuple[int | str, str]]:
    """Return the choices for fiscal years, in the order given."""
    return [ALL, *((year, FiscalYear(year).full) for year in years)]


def bureau_choices() -> list[tuple[str, str]]:
    """Return the choices for the bureaus of the prefecture, without branches."""
    return [ALL, *((bureau.code, bureau.short_name) for bureau in bureaus())]
