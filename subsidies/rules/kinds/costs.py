"""Rules about costs: the estimate, doubled subsidies, hard cost, the period, light changes, burden sharing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from common.fiscal_year import FiscalYear, wareki

from ..exact import names_text, percent, share_text, threshold_text, yen_text
from ..facts import ApplicationFacts, CostLineFacts
from ..values import Parameter, ValueType
from ..verdict import Finding, failed, judge_needed, no_data, passed
from .base import Values, kind


@kind(
    "estimate_adds_up",
    "積算の整合",
    "経費の合計と事業費、配分額の合計と申請額、収入と支出が一致し、負の額がないことを求めます。",
    needs=("cost_lines", "income_lines", "requested_yen", "participants"),
)
def estimate_adds_up(facts: ApplicationFacts, values: Values) -> Finding:
    """C-11: Σ cost = plan total; Σ split = requested; income = expenditure; all amounts whole and ≥ 0."""
    cost = sum(line.amount_yen for line in facts.cost_lines)
    income = sum(line.amount_yen for line in facts.income_lines) + (facts.requested_yen or 0)
    split = sum(item.split_yen or 0 for item in facts.participants)
    requested = facts.requested_yen
    checks = [
        ("経費の合計", cost, "事業費", cost if facts.plan_total_yen is None else facts.plan_total_yen),
        ("配分額の合計", split, "申請額", requested or 0),
        ("収入の合計（交付金を含む）", income, "支出の合計", cost),
    ]
    wrong = [check for check in checks if check[1] != check[3]]
    known: dict[str, Any] = {
        "inputs": {"cost": cost, "plan_total": facts.plan_total_yen, "split": split, "requested": requested}
        | {"income": income},
        "compared": tuple((f"{left}／{right}", f"{a:,}円／{b:,}円") for left, a, right, b in checks),
    }
    if not facts.cost_lines:
        return failed("経費が入力されていません。", nearest_change={"add": "cost_lines"}, **known)
    if requested is None:
        return failed("申請額が入力されていません。", **known)
    amounts = [line.amount_yen for line in facts.cost_lines] + [line.eligible_yen for line in facts.cost_lines]
    amounts += [line.amount_yen for line in facts.income_lines]
    if min((*amounts, requested)) < 0:
        return failed("金額に負の値があります。0以上の整数（円）で入力してください。", **known)
    if too_much := [
        line.description or line.category for line in facts.cost_lines if line.eligible_yen > line.amount_yen
    ]:
        return failed(f"対象経費が金額を超えている経費があります：{names_text(too_much)}。", **known)
    if wrong:
        text = "、".join(f"{left}と{right}が{yen_text(abs(a - b))}違います" for left, a, right, b in wrong)
        return failed(f"{text}。", nearest_change={"differences": {left: a - b for left, a, _, b in wrong}}, **known)
    return passed("経費・配分額・収支はすべて一致しています（差 0円）。", **known)


@kind(
    "other_subsidy",
    "他の補助との重複",
    "同じ経費に国・道のほかの補助金を受けないことを、申告で見ます。",
    needs=("other_subsidy", "cost_lines"),
)
def other_subsidy(facts: ApplicationFacts, values: Values) -> Finding:
    """C-08: declared by the applicant; an empty box is missing data."""
    doubled = [line for line in facts.cost_lines if line.other_subsidy]
    declared = {None: "未記入", True: "他の補助金あり", False: "他の補助金なし"}[facts.other_subsidy]
    known: dict[str, Any] = {
        "inputs": {"declared": facts.other_subsidy, "lines": len(doubled)},
        "compared": (("申告欄", declared), ("他の補助金を受ける経費", _lines(doubled) or "なし")),
    }
    if doubled or facts.other_subsidy:
        which = f"（{_lines(doubled)}）" if doubled else ""
        return failed(f"他の補助金を受ける経費があります{which}。重複がないか確認してください。", **known)
    if facts.other_subsidy is None:
        return no_data("他の補助金の申告欄が空欄です。", **known)
    return passed("他の補助金を受ける経費はないと申告されています。", **known)


@kind(
    "hard_cost",
    "ハード経費",
    "工事請負費や施設整備を含まないことを見ます。備品は上限額と比べ、上限がなければ判断を求めます。",
    Parameter("mode", ValueType.CHOICE, "扱い", "", {"exclude": "対象外", "judge": "要判断", "allow": "対象"}),
    Parameter("hard", ValueType.TEXTS, "ハード経費とみなす節"),
    Parameter("equipment", ValueType.TEXTS, "備品とみなす節"),
    Parameter("equipment_limit", ValueType.YEN, "備品の上限額", "空欄なら判断を求めます。", optional=True),
    needs=("cost_lines",),
)
def hard_cost(facts: ApplicationFacts, values: Values) -> Finding:
    """A-10: construction is excluded, small equipment judged (or limited); M-12: hard cost is judged."""
    lines = [line for line in facts.cost_lines if line.eligible_yen > 0]
    hard = [line for line in lines if line.hard or line.category in values["hard"]]
    equipment = [line for line in lines if line not in hard and line.category in values["equipment"]]
    silent = [line for line in lines if line.hard is None and line not in hard]
    hard_yen, equipment_yen = _sum(hard), _sum(equipment)
    limit = values["equipment_limit"]
    known: dict[str, Any] = {
        "inputs": {"hard": hard_yen, "equipment": equipment_yen, "eligible": facts.eligible_yen, "limit": limit},
        "compared": (
            ("工事請負費・施設整備", yen_text(hard_yen)),
            ("備品", f"{yen_text(equipment_yen)}{_of_eligible(equipment_yen, facts)}"),
            *((("備品の上限", yen_text(limit)),) if limit is not None else ()),
            *((line.category, f"{line.description} {yen_text(line.eligible_yen)}") for line in (*hard, *equipment)),
        ),
    }
    if values["mode"] == "allow":
        return passed("ハード経費も対象です。", **known)
    if hard and values["mode"] == "exclude":
        return failed(
            f"対象外のハード経費（{_lines(hard)}）が{yen_text(hard_yen)}あります。",
            nearest_change={"remove_cost": hard_yen, "lines": [line.description or line.category for line in hard]},
            **known,
        )
    if hard:
        return judge_needed(
            f"ハード経費（{_lines(hard)}）{yen_text(hard_yen)}を認めるかどうかの判断が必要です。", **known
        )
    if silent:
        return no_data(f"ハード経費かどうかが記入されていない経費があります：{_lines(silent)}。", **known)
    if equipment and limit is not None and equipment_yen > limit:
        return failed(
            f"備品{yen_text(equipment_yen)}が上限{yen_text(limit)}を超えています。",
            nearest_change={"remove_cost": equipment_yen - limit},
            **known,
        )
    if equipment and limit is None:
        return judge_needed(
            f"備品（{_lines(equipment)}）{yen_text(equipment_yen)}を含みます。判断が必要です。", **known
        )
    return passed("工事請負費・施設整備を含みません。", **known)


@kind(
    "work_period",
    "事業期間",
    "開始日が交付決定日以後（事前着手の承認があるときを除く）で、年度の末日までに終わることを求めます。",
    needs=("starts_on", "ends_on", "decision_expected_on"),
)
def work_period(facts: ApplicationFacts, values: Values) -> Finding:
    """C-07: start ≥ decision day unless an early start is approved; end ≤ last day of the fiscal year."""
    start, end, decision = facts.starts_on, facts.ends_on, facts.decision_expected_on
    last = FiscalYear(facts.region.fiscal_year).last_day
    known: dict[str, Any] = {
        "inputs": {"starts_on": start, "ends_on": end, "decision_on": decision}
        | {"early_start_approved": facts.early_start_approved},
        "compared": (
            ("開始日", wareki(start) or "未入力"),
            ("終了日", wareki(end) or "未入力"),
            ("交付決定の見込", wareki(decision) or "未定"),
            ("事前着手届", "承認済み" if facts.early_start_approved else "なし"),
        ),
    }
    if start is None or end is None:
        return no_data("事業の開始日と終了日が入力されていません。", **known)
    if end < start:
        return failed("事業の終了日が開始日より前です。", **known)
    if end > last:
        return failed(f"終了日（{wareki(end)}）が年度の末日を過ぎています。", nearest_change={"end_by": last}, **known)
    if facts.early_start_approved:
        return passed("事前着手届が承認されています。", **known)
    if decision is None:
        return no_data("交付決定の見込の日が登録されていません。", **known)
    if start < decision:
        return failed(
            f"開始日が交付決定の見込より{(decision - start).days}日早くなっています。"
            "開始日を改めるか、事前着手届を出してください。",
            nearest_change={"start_on": decision},
            **known,
        )
    return passed("開始日は交付決定の見込の日以後です。", **known)


@kind(
    "light_change",
    "軽微な変更",
    "経費区分ごとの増減が定めた割合以内で、交付額が増えず、取組と市町村が変わらない変更かを見ます。",
    Parameter("at_most", ValueType.SHARE, "増減の割合"),
    needs=("change",),
)
def light_change(facts: ApplicationFacts, values: Values) -> Finding:
    """C-13: light if every category changes by ≤ share of its amount, grant not increased, nothing added or removed."""
    change, limit = facts.change, values["at_most"]
    if change is None:
        return passed("変更はありません。")
    large = [name for name, before, after in change.categories if abs(after - before) > limit * before]
    known: dict[str, Any] = {
        "inputs": {
            "over": large,
            "grant_before": change.grant_before_yen,
            "grant_after": change.grant_after_yen,
            "at_most": share_text(limit),
        },
        "compared": tuple(
            (name, f"{before:,}円→{after:,}円（{percent(Fraction(abs(after - before), before), (limit,))}）")
            if before
            else (name, f"0円→{after:,}円")
            for name, before, after in change.categories
        ),
    }
    reasons = [
        *([f"{'、'.join(large)}の増減が{threshold_text(limit)}を超えます"] if large else []),
        *(["交付額が増えます"] if change.grant_after_yen > change.grant_before_yen else []),
        *([f"取組（{'、'.join(change.projects_changed)}）が変わります"] if change.projects_changed else []),
        *([f"構成市町村（{names_text(change.members_changed)}）が変わります"] if change.members_changed else []),
    ]
    if reasons:
        return failed(f"{'。'.join(reasons)}。変更承認の申請が必要です。", **known)
    return passed("軽微な変更です。届出で足ります。", **known)


@kind(
    "cost_sharing",
    "費用と役割の分担",
    "費用負担の表に参加する市町村がすべて合意しているかを示し、公平かどうかは職員が判断します。",
    needs=("cost_sharing", "participants"),
)
def cost_sharing(facts: ApplicationFacts, values: Values) -> Finding:
    """C-12: people judge fairness; the table and who agreed to it are shown."""
    table = facts.cost_sharing
    if table is None or not table.registered:
        return no_data("費用負担の表が登録されていません。", compared=(("費用負担の表", "未登録"),))
    missing = [item for item in facts.participants if item.code not in table.agreed]
    agreed = len(facts.participants) - len(missing)
    known: dict[str, Any] = {
        "inputs": {"agreed": agreed, "participants": len(facts.participants)},
        "compared": (("合意", f"{agreed}／{len(facts.participants)}市町村"),),
        "nearest_change": {"missing_agreements": [item.code for item in missing]} if missing else None,
    }
    note = f"（未合意：{names_text([item.name for item in missing])}）" if missing else ""
    return judge_needed(f"費用と役割の分担が公平かどうかの判断が必要です{note}。", **known)


def _sum(lines: list[CostLineFacts]) -> int:
    return sum(line.eligible_yen for line in lines)


def _lines(lines: list[CostLineFacts]) -> str:
    return names_text([line.description or line.category for line in lines])


def _of_eligible(amount: int, facts: ApplicationFacts) -> str:
    return f"（対象経費の{percent(Fraction(amount, facts.eligible_yen))}）" if amount and facts.eligible_yen else ""
