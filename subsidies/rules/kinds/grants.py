"""Rules about the grant: budget, caps, the formula."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..exact import names_text, percent, share_text, threshold_text, yen_text
from ..facts import ApplicationFacts
from ..money import CAP_BASES, cap_yen, floor_unit, grant_yen, rate_in
from ..values import Parameter, ValueType
from ..verdict import Finding, failed, no_data, passed
from .base import Values, kind
from .years import COUNTING, year_number

CAP_BASIS = Parameter(
    "basis", ValueType.CHOICE, "上限の単位", "人口1人あたりでは、参加する市町村の人口を掛けます。", CAP_BASES
)
CAP = Parameter("cap", ValueType.YEN, "上限額")
NOT_ENTERED = "申請額が入力されていません。"
NO_PEOPLE = "参加する市町村の人口が登録されていないため、人口1人あたりの上限を計算できません。"


def limit_of(facts: ApplicationFacts, values: Values) -> int | None:
    """The cap of this application in whole yen; None where it goes by heads and their number is unknown."""
    return cap_yen(basis=values["basis"], cap=values["cap"], participants=len(facts.participants), people=facts.people)


@kind(
    "allotment",
    "予算の範囲内",
    "決定済みの額との合計が、募集で振興局に配分した予算を超えないことを求めます。",
    needs=("allotment", "requested_yen"),
)
def allotment(facts: ApplicationFacts, values: Values) -> Finding:
    """C-01: committed + this amount ≤ allotment of the call for the bureau."""
    budget, amount = facts.allotment, facts.amount_yen
    if budget is None:
        return no_data("この募集の配分額が登録されていません。")
    if amount is None:
        return no_data(NOT_ENTERED)
    left = budget.left_yen
    known: dict[str, Any] = {
        "inputs": {"allotted": budget.allotted_yen, "committed": budget.committed_yen, "amount": amount},
        "compared": (
            ("配分額", yen_text(budget.allotted_yen)),
            ("残額", yen_text(left)),
            ("この申請", yen_text(amount)),
        ),
    }
    if amount <= left:
        return passed(f"配分額の残り{yen_text(left)}の範囲内です。", **known)
    return failed(
        f"配分額の残り{yen_text(left)}を{yen_text(amount - left)}超えています。",
        nearest_change={"reduce_by": amount - left, "grant_at_most": max(0, left)},
        **known,
    )


@kind(
    "cap",
    "交付の上限額",
    "申請額を上限と比べます。1市町村あたりの上限では、市町村ごとの配分額も見ます。",
    CAP_BASIS,
    CAP,
    needs=("requested_yen", "participants"),
)
def cap(facts: ApplicationFacts, values: Values) -> Finding:
    """M-09: each split ≤ cap and the total ≤ cap × participants; A-11: the region's total ≤ cap; by heads: the total ≤
    cap × people of the participants; each per fiscal year."""
    amount, count = facts.amount_yen, len(facts.participants)
    if amount is None:
        return no_data(NOT_ENTERED)
    per_member = values["basis"] == "per_member"
    limit, total = limit_of(facts, values), amount + facts.elsewhere_yen
    if limit is None:
        return no_data(NO_PEOPLE)
    over = [
        item for item in facts.participants if per_member and (item.split_yen or 0) + item.elsewhere_yen > values["cap"]
    ]
    heads = f"{facts.people:,}人" if values["basis"] == "per_capita" else ""
    times = f"（{yen_text(values['cap'])}×{heads or f'{count}市町村'}）" if per_member or heads else ""
    known: dict[str, Any] = {
        "inputs": {"amount": amount, "elsewhere": facts.elsewhere_yen, "cap": limit, "participants": count},
        "compared": (
            ("申請額", yen_text(amount)),
            *((("同じ年度の他の申請", yen_text(facts.elsewhere_yen)),) if facts.elsewhere_yen else ()),
            ("上限", f"{yen_text(limit)}{times}"),
        ),
    }
    if total > limit:
        return failed(
            f"上限{yen_text(limit)}を{yen_text(total - limit)}超えています。",
            nearest_change={"reduce_by": total - limit, "request_at_most": max(0, limit - facts.elsewhere_yen)},
            **known,
        )
    if over:
        listed = names_text([f"{item.name}（{yen_text((item.split_yen or 0) + item.elsewhere_yen)}）" for item in over])
        return failed(
            f"1市町村あたりの上限{yen_text(values['cap'])}を超える市町村があります：{listed}。",
            nearest_change={
                "reduce_split": {item.code: (item.split_yen or 0) + item.elsewhere_yen - values["cap"] for item in over}
            },
            **known,
        )
    if per_member and (unset := [item.name for item in facts.participants if item.split_yen is None]):
        return no_data(f"{names_text(unset)}の配分額が未入力です。", **known)
    return passed(f"上限{yen_text(limit)}以内です。", **known)


@kind(
    "cap_notice",
    "上限額ありきでないこと",
    "申請額が上限に近いときに、必要な規模の説明を確認するよう知らせます。",
    CAP_BASIS,
    CAP,
    Parameter("notice_from", ValueType.SHARE, "注意する割合", "上限のこの割合以上なら知らせます。"),
    needs=("requested_yen", "participants"),
)
def cap_notice(facts: ApplicationFacts, values: Values) -> Finding:
    """A-14: requested ≥ share of the cap is noticed."""
    amount = facts.amount_yen
    if amount is None:
        return no_data(NOT_ENTERED)
    limit = limit_of(facts, values)
    if limit is None:
        return no_data(NO_PEOPLE)
    share = Fraction(amount, limit) if limit else Fraction(1)
    notice = values["notice_from"]
    shown = percent(share, (notice,))
    known: dict[str, Any] = {
        "inputs": {"amount": amount, "cap": limit, "share": share_text(share), "notice_from": share_text(notice)},
        "compared": (
            ("申請額", yen_text(amount)),
            ("上限に対する割合", shown),
            ("目安", f"{threshold_text(notice)}未満"),
        ),
    }
    if share >= notice:
        return failed(f"申請額が上限の{shown}です。必要規模の説明を確認してください。", **known)
    return passed(f"申請額は上限の{shown}です。", **known)


@kind(
    "grant_amount",
    "交付額の計算",
    "（対象経費－その他の収入）×補助率と上限額の低い方を、端数を切り捨てて求め、申請額または決定額と比べます。",
    CAP_BASIS,
    CAP,
    Parameter("rates", ValueType.SHARES, "補助率（支援年目の順）"),
    COUNTING,
    Parameter("unit", ValueType.YEN, "端数処理の単位", least=1),
    needs=("cost_lines", "income_lines", "requested_yen", "participants"),
)
def grant_amount(facts: ApplicationFacts, values: Values) -> Finding:
    """C-06, N-02: amount ≤ floor_unit(min(rate × (eligible − other income), cap)); the budget is C-01's."""
    amount, number = facts.amount_yen, year_number(facts, values["counting"])
    if amount is None:
        return no_data(NOT_ENTERED)
    rate, unit = rate_in(values["rates"], number), values["unit"]
    limit = limit_of(facts, values)
    if limit is None:
        return no_data(NO_PEOPLE)
    most = grant_yen(
        eligible_yen=facts.eligible_yen,
        other_income_yen=facts.other_income_yen,
        rate=rate,
        cap_yen=limit,
        unit_yen=unit,
    )
    base = facts.eligible_yen - facts.other_income_yen
    known: dict[str, Any] = {
        "inputs": {
            "eligible": facts.eligible_yen,
            "other_income": facts.other_income_yen,
            "rate": share_text(rate),
            "year_number": number,
            "cap": limit,
            "unit": unit,
            "grant_at_most": most,
            "amount": amount,
            "members_share": base - min(amount, base),
        },
        "compared": (
            ("対象経費", yen_text(facts.eligible_yen)),
            ("その他の収入", yen_text(facts.other_income_yen)),
            ("補助率", f"{share_text(rate)}（支援{number}年目）"),
            ("計算した額", yen_text(most)),
            ("申請・決定額", yen_text(amount)),
        ),
    }
    if amount > most:
        return failed(
            f"交付できる額は{yen_text(most)}までです（{yen_text(amount - most)}超えています）。",
            nearest_change={"reduce_by": amount - most, "request_at_most": most},
            **known,
        )
    if amount != floor_unit(amount, unit):
        return failed(
            f"{yen_text(unit)}未満の端数は切り捨ててください。",
            nearest_change={
                "reduce_by": amount - floor_unit(amount, unit),
                "request_at_most": floor_unit(amount, unit),
            },
            **known,
        )
    return passed(f"計算した額{yen_text(most)}の範囲内です。", **known)
