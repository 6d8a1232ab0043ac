"""Questions that a reviewer may ask of figures (庁内限り): near the cap, unlike other regions, unlike the year before.

They are questions and judge nothing; towns never see them. The shares stand in `fixtures/realism.yaml`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from common.fiscal_year import FiscalYear
from common.yen import show_yen

from .grants import formula_of
from .models import Application, CostLine
from .rules.exact import percent
from .rules.facts import ApplicationFacts
from .rules.kinds.grants import limit_of
from .rules.ruleset import RuleSet
from .rulesets import rules_of

Price = tuple[str, str]  # category and unit


@dataclass(frozen=True)
class Shares:
    """From where on a figure is asked about; see `fixtures/realism.yaml`."""

    cap: Fraction
    unit_price: Fraction
    peers_at_least: int
    years_compared: int
    lump_units: frozenset[str]
    year_change: Fraction


@lru_cache
def shares() -> Shares:
    """Read the settings once per process."""
    text = (Path(settings.BASE_DIR) / "fixtures" / "realism.yaml").read_text(encoding="utf-8")
    given: dict[str, Any] = yaml.safe_load(text)

    def share(name: str) -> Fraction:
        return Fraction(str(given[name]).removesuffix("%")) / 100

    return Shares(
        cap=share("cap_share"),
        unit_price=share("unit_price_share"),
        peers_at_least=int(given["peers_at_least"]),
        years_compared=int(given["years_compared"]),
        lump_units=frozenset(given["lump_units"]),
        year_change=share("year_change_share"),
    )


def cap_question(requested_yen: int, cap_yen: int | None, from_share: Fraction) -> str:
    """上限額の98.7％です。…, empty below the share, above the cap (a rule says that) and where no cap is known."""
    if not cap_yen or not from_share * cap_yen <= requested_yen <= cap_yen:
        return ""
    said = percent(Fraction(requested_yen, cap_yen), [Fraction(1)])
    return f"申請額は上限額{show_yen(cap_yen)}円の{said}です。必要な規模の説明を確認しましたか。"


def price_question(line: CostLine, peers: Sequence[int], known: Shares) -> str:
    """The unit price beside the median of other regions; empty where it is near or there are too few to compare."""
    price = line.unit_price_yen
    if not price or len(peers) < known.peers_at_least:
        return ""
    middle = median_yen(peers)
    if not middle or abs(Fraction(price, middle) - 1) < known.unit_price:
        return ""
    return (
        f"{line.get_category_display()}「{line.description}」の単価は1{line.unit}{show_yen(price)}円です。"
        f"ほかの地域の同じ節・単位の中央値は{show_yen(middle)}円（{len(peers)}件）です。違いの理由を確認しましたか。"
    )


def change_question(requested_yen: int, before_yen: int | None, year: int, from_share: Fraction) -> str:
    """前年度の申請額…から30.0％増えています。; empty without a year before or with a smaller change."""
    if not before_yen:
        return ""
    change = Fraction(requested_yen, before_yen) - 1
    if abs(change) < from_share:
        return ""
    word = "増えています" if change > 0 else "減っています"
    return (
        f"申請額は前年度（{FiscalYear(year - 1).wareki}）の{show_yen(before_yen)}円から{percent(abs(change))}{word}。"
        "増減の理由を確認しましたか。"
    )


def median_yen(prices: Sequence[int]) -> int:
    """The middle price; of an even number the mean of both, whole yen cut off."""
    ordered = sorted(prices)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


def questions_for(applications: Iterable[Application]) -> dict[int, list[str]]:
    """The questions of each application by its key. Three queries, however many there are."""
    rows, known = list(applications), shares()
    lines: dict[int, list[CostLine]] = defaultdict(list)
    for line in CostLine.objects.filter(application__in=[row.pk for row in rows]).order_by("number"):
        lines[line.application_id].append(line)
    years = {row.fiscal_year for row in rows}
    peers = _peers([line for own in lines.values() for line in own], years, known)
    before = _year_before(rows)
    return {
        row.pk: [
            text
            for text in (
                cap_question(row.requested_yen, _cap_of(row), _cap_share(rules_of(row.call.ruleset), known)),
                change_question(row.requested_yen, before.get(row.pk), row.fiscal_year, known.year_change),
                *(price_question(line, _others(peers, line, row), known) for line in lines[row.pk]),
            )
            if text
        ]
        for row in rows
    }


def _cap_share(rules: RuleSet, known: Shares) -> Fraction:
    setting = rules.settings.get("cap_notice_share")
    return known.cap if setting is None or setting.value is None else Fraction(setting.value)


def _cap_of(application: Application) -> int | None:
    formula = formula_of(rules_of(application.call.ruleset))
    if formula is None or application.evaluation is None:
        return None
    return limit_of(ApplicationFacts.from_json(application.evaluation.facts), formula.values)


def _peers(lines: Sequence[CostLine], years: set[int], known: Shares) -> Mapping[Price, list[tuple[str, int]]]:
    """Unit prices of submitted applications by category and unit, each with its region."""
    wanted = {(line.category, line.unit) for line in lines if line.unit_price_yen} - {
        (line.category, line.unit) for line in lines if line.unit in known.lump_units
    }
    if not wanted:
        return {}
    since = min(years) - known.years_compared + 1
    rows = CostLine.objects.filter(
        application__submitted_at__isnull=False,
        application__fiscal_year__range=(since, max(years)),
        unit_price_yen__gt=0,
        category__in={category for category, _ in wanted},
        unit__in={unit for _, unit in wanted},
    )
    found: dict[Price, list[tuple[str, int]]] = defaultdict(list)
    for category, unit, region, price in rows.order_by().values_list(
        "category", "unit", "application__region", "unit_price_yen"
    ):
        found[category, unit].append((region, int(price or 0)))
    return found


def _others(peers: Mapping[Price, list[tuple[str, int]]], line: CostLine, application: Application) -> list[int]:
    return [price for region, price in peers.get((line.category, line.unit), []) if region != application.region_id]


def _year_before(rows: Sequence[Application]) -> dict[int, int]:
    """What the region asked for in the same program the year before, in all its rounds, by application."""
    earlier = Application.objects.filter(
        region__in={row.region_id for row in rows},
        fiscal_year__in={row.fiscal_year - 1 for row in rows},
        submitted_at__isnull=False,
    )
    asked: dict[tuple[str, str, int], int] = defaultdict(int)
    for region, program, year, yen in earlier.order_by().values_list(
        "region", "call__program", "fiscal_year", "requested_yen"
    ):
        asked[region, program, year] += yen
    return {
        row.pk: yen
        for row in rows
        if (yen := asked.get((row.region_id, row.call.program_id, row.fiscal_year - 1))) is not None
    }
