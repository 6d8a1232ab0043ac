"""Retention classes as data, and the dates that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml
from django.conf import settings

from common.fiscal_year import FiscalYear


@dataclass(frozen=True)
class RetentionClass:
    """What is kept how many whole years."""

    code: str
    label: str
    years: int


@dataclass(frozen=True)
class Term:
    """How long one thing is kept: when it was finished, from when it counts, from when it may be disposed of."""

    closed_on: date
    years: int

    @property
    def counts_from(self) -> date:
        """1 April after it was finished.

        >>> Term(date(2024, 5, 20), 5).counts_from
        datetime.date(2025, 4, 1)
        """
        return FiscalYear(FiscalYear.of(self.closed_on) + 1).first_day

    @property
    def due_from(self) -> date:
        """The first day after the last year of keeping.

        >>> Term(date(2024, 5, 20), 5).due_from
        datetime.date(2030, 4, 1)
        """
        return FiscalYear(self.counts_from.year + self.years).first_day


@cache
def classes() -> dict[str, RetentionClass]:
    """Return the classes of `fixtures/retention.yaml` by code."""
    data = yaml.safe_load((settings.BASE_DIR / "fixtures" / "retention.yaml").read_text(encoding="utf-8"))
    return {row["code"]: RetentionClass(row["code"], row["label"], row["years"]) for row in data["classes"]}
