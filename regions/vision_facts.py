"""Sentences with numbers that a planner puts into the 課題 of a vision with one click and then edits.

The figures are read as the forecast reads them (`municipalities/outlook.py`), all from the newest edition of the
projection and its own base year. Where a value is missing, the sentence that needs it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from common.yen import show_yen
from municipalities.outlook import LATEST, read
from municipalities.population import (
    TARGET_YEAR,
    Population,
    UnknownMunicipality,
    UnknownSeries,
    percent,
    population,
)


@dataclass(frozen=True)
class FactSentence:
    """One sentence: its key for the button, what it is about, and the text with its source."""

    key: str
    about: str
    text: str


def fact_sentences(codes: Sequence[str]) -> list[FactSentence]:
    """What the numbers say of these municipalities together; empty where nothing is registered. Four queries."""
    try:
        found = population(codes, LATEST)
    except (UnknownMunicipality, UnknownSeries):
        return []
    source = f"（出典：将来推計人口 {found.series.name}）"
    return [FactSentence(key, about, f"{text}{source}") for key, about, text in _sentences(found)]


def _change(base: int, target: int) -> str:
    """38.5％減る, 1.2％増える."""
    share = Fraction(base - target, base)
    return f"{percent(abs(share), 1)}％{'減る' if share >= 0 else '増える'}"


def _sentences(found: Population) -> Iterator[tuple[str, str, str]]:
    reading, base_year = read(found), found.series.base_year or 0
    base, target = reading.base, reading.target
    towns = f"構成{len(found.names)}市町村"
    if base.total and target.total is not None:
        yield (
            "total",
            "人口",
            f"{towns}の人口は{base_year}年の{show_yen(base.total)}人から、{TARGET_YEAR}年には"
            f"{show_yen(target.total)}人へ{_change(base.total, target.total)}と見込まれる。",
        )
    declines = [(found.decline(code), name) for code, name in found.names.items()]
    known = [(share, name) for share, name in declines if share is not None]
    if len(known) == len(declines) and len({share for share, _ in known}) > 1:
        least, most = min(known), max(known)
        yield (
            "spread",
            "市町村ごとの差",
            f"減り方には差があり、{TARGET_YEAR}年までの人口減少率は{least[1]}の{percent(least[0], 1)}％から"
            f"{most[1]}の{percent(most[0], 1)}％に及ぶ。",
        )
    now, ahead = reading.old_shares
    if now is not None and ahead is not None:
        yield (
            "old",
            "高齢化",
            f"65歳以上の割合は{base_year}年の{percent(now, 1)}％から、{TARGET_YEAR}年には{percent(ahead, 1)}％になる。",
        )
    if base.age_15_64 and target.age_15_64 is not None:
        lost = _change(base.age_15_64, target.age_15_64)
        yield (
            "workers",
            "働く世代",
            f"15〜64歳は{show_yen(base.age_15_64)}人から{show_yen(target.age_15_64)}人へ{lost}。",
        )
    now, ahead = reading.supporters
    if now is not None and ahead is not None:
        yield (
            "support",
            "支える人",
            f"65歳以上1人を支える15〜64歳は、{base_year}年の{percent(now / 100, 2)}人から"
            f"{TARGET_YEAR}年には{percent(ahead / 100, 2)}人になる。",
        )
    if base.age_0_14 and target.age_0_14 is not None:
        lost = _change(base.age_0_14, target.age_0_14)
        yield (
            "children",
            "子ども",
            f"0〜14歳は{show_yen(base.age_0_14)}人から{show_yen(target.age_0_14)}人へ{lost}。",
        )
