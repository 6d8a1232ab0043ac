"""Rules about fiscal years: the program's term, new adoption, support years, the mid-term review."""

from __future__ import annotations

from common.fiscal_year import FiscalYear

from ..facts import ApplicationFacts
from ..money import support_year
from ..values import Parameter, ValueType
from ..verdict import Finding, failed, passed
from .base import Values, kind

COUNTING = Parameter(
    "counting",
    ValueType.CHOICE,
    "数え方",
    "期間：最初の年度からの年数（休んだ年も数えます）。回数：支援を受けた年度の数。",
    {"window": "期間で数える", "count": "回数で数える"},
)


def wareki(year: int) -> str:
    return FiscalYear(year).wareki


def year_number(facts: ApplicationFacts, counting: str) -> int:
    """The number of the support year that this application would be."""
    region = facts.region
    return support_year(years=region.support.years, fiscal_year=region.fiscal_year, counting=counting)


@kind(
    "program_term",
    "実施期間",
    "申請年度が事業の実施期間の中にあることを求めます。",
    Parameter("first", ValueType.FISCAL_YEAR, "初年度"),
    Parameter("last", ValueType.FISCAL_YEAR, "最終年度"),
)
def program_term(facts: ApplicationFacts, values: Values) -> Finding:
    """M-01, A-01: first ≤ fiscal year ≤ last."""
    year, first, last = facts.region.fiscal_year, values["first"], values["last"]
    known = {
        "inputs": {"fiscal_year": year, "first": first, "last": last},
        "compared": (("申請年度", wareki(year)), ("実施期間", f"{wareki(first)}から{wareki(last)}まで")),
    }
    if first <= year <= last:
        return passed(f"{wareki(year)}は実施期間（{wareki(first)}から{wareki(last)}まで）の中です。", **known)
    side = "より前です" if year < first else "を過ぎています"
    return failed(f"{wareki(year)}は実施期間（{wareki(first)}から{wareki(last)}まで）{side}。", **known)


@kind(
    "adoption_window",
    "新規採択の期限",
    "地域が最初に支援を受ける年度が、新規採択の期限までであることを求めます。",
    Parameter("last", ValueType.FISCAL_YEAR, "新規採択の最終年度"),
)
def adoption_window(facts: ApplicationFacts, values: Values) -> Finding:
    """C-10, M-07: first supported fiscal year ≤ last adoption year."""
    region, last = facts.region, values["last"]
    first = min((*region.support.years, region.fiscal_year))
    known = {
        "inputs": {"first_supported": first, "last_adoption": last},
        "compared": (("最初の支援年度", wareki(first)), ("新規採択の期限", wareki(last))),
    }
    if first <= last:
        return passed(f"最初の支援年度は{wareki(first)}で、新規採択の期限（{wareki(last)}）までです。", **known)
    return failed(f"新しい地域の受付は{wareki(last)}までです。{wareki(first)}からの新規採択はできません。", **known)


@kind(
    "support_years",
    "支援年数",
    "申請年度が支援の何年目かを数え、上限と比べます。",
    Parameter("max_years", ValueType.YEARS, "上限の年数"),
    COUNTING,
    Parameter("last", ValueType.FISCAL_YEAR, "最終年度", "この年度を過ぎると支援できません。", optional=True),
)
def support_years(facts: ApplicationFacts, values: Values) -> Finding:
    """C-09: support year number ≤ max_years, and the fiscal year not after the program's last."""
    region, limit, last = facts.region, values["max_years"], values["last"]
    number = year_number(facts, values["counting"])
    first = min((*region.support.years, region.fiscal_year))
    known = {
        "inputs": {
            "year_number": number,
            "max_years": limit,
            "counting": values["counting"],
            "first_supported": first,
            "supported": list(region.support.years),
        },
        "compared": (
            ("支援年目", f"{number}年目"),
            ("上限", f"{limit}年"),
            ("最初の支援年度", wareki(first)),
            *((("年数の根拠", region.support.note),) if region.support.note else ()),
        ),
    }
    if number > limit:
        return failed(f"支援{number}年目になり、上限の{limit}年を超えます（最初の支援は{wareki(first)}）。", **known)
    if last is not None and region.fiscal_year > last:
        return failed(f"支援は{wareki(last)}までです。", **known)
    end = first + limit - 1 if values["counting"] == "window" else region.fiscal_year + limit - number
    end = end if last is None else min(end, last)
    return passed(f"支援{number}年目（最大{limit}年）です。{wareki(end)}まで支援を受けられます。", **known)


@kind(
    "midterm_review",
    "中間評価",
    "中間評価を行う年の次の年からは、中間評価を通っていることを求めます。",
    Parameter("review_year", ValueType.YEARS, "中間評価を行う支援年目"),
    Parameter("max_years", ValueType.YEARS, "支援年数の上限"),
    COUNTING,
    needs=("midterm_review",),
)
def midterm_review(facts: ApplicationFacts, values: Values) -> Finding:
    """N-10: a mid-term review in year `review_year` blocks the years after it until it is passed."""
    number, review_year = year_number(facts, values["counting"]), values["review_year"]
    review = facts.midterm_review
    known = {
        "inputs": {
            "year_number": number,
            "review_year": review_year,
            "passed": None if review is None else review.passed,
        },
        "compared": (("支援年目", f"{number}年目"), ("中間評価", f"{review_year}年目")),
    }
    if number < review_year:
        return passed(f"支援{number}年目です。中間評価は{review_year}年目に行います。", **known)
    if number == review_year:
        return passed(f"支援{number}年目です。この年度に中間評価を行います。", **known)
    if review is not None and review.passed:
        return passed(f"{wareki(review.fiscal_year)}の中間評価を通っています。", **known)
    state = "通っていません" if review is not None and review.passed is False else "済んでいません"
    return failed(
        f"支援{number}年目です。{review_year}年目の中間評価が{state}。",
        nearest_change={"pass_midterm_review": review_year},
        **known,
    )
