"""The split of costs of one version as a table: by which figures, with which shares, and what an example comes to."""

from __future__ import annotations

from dataclasses import dataclass

from common.fiscal_year import FiscalYear
from municipalities.models import Municipality
from municipalities.population import UnknownMunicipality, UnknownSeries, population

from . import cost_sharing
from .models import Agreement, CostMethod

CENSUS = "census"
EXAMPLE_YEN = 1_000_000
NO_PEOPLE = "人口が登録されていない市町村があるため、人口割を計算できません。"
NOT_WHOLE = "個別に定める割合の合計が100％になっていません（いま{now}％）。"


@dataclass(frozen=True)
class Split:
    """Shares in hundredths of a percent by 6-digit code; `problem` says in Japanese why there are none."""

    basis: str
    shares: dict[str, int]
    problem: str = ""


def split_of(agreement: Agreement, typed: dict[str, int | None]) -> Split:
    """Return the shares of the parties; `typed` maps each party's code to its own share where these are fixed."""
    parties = sorted(typed)
    if agreement.cost_method == CostMethod.CUSTOM:
        shares = {code: typed[code] or 0 for code in parties}
        if sum(shares.values()) != cost_sharing.WHOLE:
            return Split("", shares, NOT_WHOLE.format(now=cost_sharing.percent(sum(shares.values()))))
        return Split("構成市町村の協議により定めた割合", shares)
    if agreement.cost_method == CostMethod.EQUAL:
        return _split("団体の数で等しく分ける", parties, {}, cost_sharing.WHOLE)
    equal_bp = agreement.cost_equal_bp if agreement.cost_method == CostMethod.BOTH else 0
    try:
        census = population(parties, CENSUS)
    except (UnknownMunicipality, UnknownSeries, ValueError):
        return Split("", {}, NO_PEOPLE)
    year = max((year for year in census.years if census.at(year).total), default=None)
    if year is None:
        return Split("", {}, NO_PEOPLE)
    people = {code: census.at(year, code).total or 0 for code in parties}
    basis = f"{FiscalYear(year).wareki.removesuffix('年度')}年国勢調査の人口による"
    if equal_bp:
        basis = f"均等割{equal_bp / 100:g}％、人口割{(cost_sharing.WHOLE - equal_bp) / 100:g}％。人口割は{basis}"
    return _split(basis, parties, people, equal_bp)


def bearer_of(agreement: Agreement, codes: list[str]) -> Municipality:
    """Who bears what rounding leaves: the secretariat, the lead where the secretariat is no party."""
    region = agreement.region
    found: Municipality = region.secretariat if region.secretariat_id in codes else region.lead
    return found


def remainder_rule(bearer: str) -> str:
    """The rule of rounding in words."""
    return (
        "割合は、0.01％未満を切り捨て、切り捨てた端数の大きい団体から順に0.01％ずつを加えて合計を100％とする。"
        f"負担額は、１円未満を切り捨て、残額は{bearer}が負担する。"
    )


def _split(basis: str, parties: list[str], people: dict[str, int], equal_bp: int) -> Split:
    return Split(basis, cost_sharing.rounded(cost_sharing.exact_shares(parties, people, equal_bp)))
