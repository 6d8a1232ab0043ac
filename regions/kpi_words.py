"""What the figures of a KPI mean, in sentences with the numbers: how achievement is computed, whether the path is kept.

Nothing here compares municipalities or regions with one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from common.fiscal_year import FiscalYear
from municipalities.population import percent

from .achievement import Basis, Plan, Position, Standing
from .kpi_records import KpiRecord
from .models import Kpi

PLACES = 3


@dataclass(frozen=True)
class Explanation:
    """How the newest actual was compared: the formula with its numbers ("" where there is none), then what to know."""

    formula: str
    notes: tuple[str, ...]


def figure(value: Fraction | None, unit: str = "", *, places: int = PLACES) -> str:
    """Write a number as people do, with its unit: 1,240人, ▲3,639, 約11.33件 where it does not end; － for none."""
    if value is None:
        return "－"
    scaled = abs(value) * 10**places
    exact = scaled.denominator == 1
    whole = int(scaled + Fraction(1, 2)) if exact else int(abs(value) * 10 + Fraction(1, 2)) * 10 ** (places - 1)
    head, tail = divmod(whole, 10**places)
    text = f"{head:,}" + (f".{tail:0{places}}".rstrip("0") if tail else "")
    return f"{'' if exact else '約'}{'▲' if value < 0 and whole else ''}{text}{unit}"


def explanation(record: KpiRecord) -> Explanation:
    """Say how far the newest actual has come, step by step; without an actual only what kind of KPI it is."""
    notes = list(_kind_notes(record))
    if record.latest is None or record.achieved is None:
        return Explanation("", ("実績がまだないため、達成率は計算していません。", *notes))
    actual, plan, unit = Fraction(record.latest.value), record.plan, record.kpi.unit
    share, reached = record.achieved.share, record.achieved.reached
    if share is not None and plan.baseline is not None and plan.target is not None:
        gone, way = actual - plan.baseline, plan.target - plan.baseline
        formula = (
            f"（実績 {_term(actual)} − 基準値 {_term(plan.baseline)}）÷"
            f"（目標値 {_term(plan.target)} − 基準値 {_term(plan.baseline)}）"
            f"＝ {_term(gone)} ÷ {_term(way)} ＝ {percent(share, 1)}％"
        )
        if share < 0:
            notes.insert(0, "基準値より後退しているため、達成率は負になります。")
        elif share > 1:
            notes.insert(0, "目標を超えているため、100％を超えます。")
        return Explanation(formula, tuple(notes))
    if reached is None or plan.target is None:
        return Explanation("", tuple(notes))
    sign = "≦" if plan.downwards else "≧"
    holds = "を満たす" if reached else "を満たさない"
    formula = f"実績 {_term(actual)}{unit} {sign} 目標値 {_term(plan.target)}{unit} {holds}"
    return Explanation(formula, tuple(notes))


def message(record: KpiRecord) -> str:
    """The sentence above everything: where the KPI stands and by how much, with what would still reach the target."""
    return told(record.position, record.plan, record.kpi)


def told(found: Position, plan: Plan, kpi: Kpi) -> str:
    """The sentence about one position; see `message`."""
    if found.standing == Standing.NOT_DUE:
        if plan.first is None:
            return "目標年度などが登録されていないため、実績の時期が決まっていません。"
        start = FiscalYear(plan.first)
        return f"最初の実績は、{start.wareki}が終わった後に入力します。"
    year = FiscalYear(found.year or 0).wareki
    if found.standing == Standing.MISSING:
        goal = f"（計画は{figure(found.planned.value, kpi.unit)}）" if found.planned else ""
        return f"{year}の実績がまだ入力されていません{goal}。"
    if found.standing == Standing.OPEN or found.planned is None or found.gap is None:
        return f"{year}の実績はありますが、この年度の計画値がないため、計画どおりかどうかは判定しません。"
    return "".join(_compared(found, plan, kpi, year))


def _compared(found: Position, plan: Plan, kpi: Kpi, year: str) -> Iterator[str]:
    unit, gap, goal = kpi.unit, found.gap or Fraction(0), found.planned.value if found.planned else Fraction(0)
    word = "維持する水準" if found.planned and found.planned.basis == Basis.KEPT and plan.keeps else "計画"
    more, less = ("下回って", "上回って") if plan.downwards else ("上回って", "下回って")
    yield f"{year}の実績{figure(found.actual, unit)}は、{word}の{figure(goal, unit)}"
    if gap > 0:
        yield f"を{figure(gap, unit)}{less}います" + ("（少ないほどよい指標です）。" if plan.downwards else "。")
        yield from _needed(found, plan, kpi)
    elif gap < 0:
        yield f"を{figure(-gap, unit)}{more}おり、計画どおりです。"
    else:
        yield "に達しており、計画どおりです。"
    if found.planned and found.planned.basis == Basis.LINE:
        yield "この年度の計画値は登録されていないため、前後の値を結ぶ直線上の値と比べました。"


def _needed(found: Position, plan: Plan, kpi: Kpi) -> Iterator[str]:
    """What would have to happen each year that is left."""
    if found.needed is None or found.pace is None or plan.target_fy is None or found.year is None:
        return
    left = plan.target_fy - found.year
    verb = "減らす" if found.needed < 0 else "増やす"
    planned = "減らす" if found.pace < 0 else "増やす"
    beside = (
        f"{figure(abs(found.pace), kpi.unit)}ずつ"
        if verb == planned
        else f"{figure(abs(found.pace), kpi.unit)}ずつ{planned}"
    )
    yield (
        f"目標の{figure(plan.target, kpi.unit)}（{FiscalYear(plan.target_fy).wareki}）に届くには、残り{left}年間、"
        f"毎年度{figure(abs(found.needed), kpi.unit)}ずつ{verb}必要があります（計画では{beside}）。"
    )


def _kind_notes(record: KpiRecord) -> Iterator[str]:
    """What has to be known about this kind of KPI to read its figures."""
    kpi, plan, unit = record.kpi, record.plan, record.kpi.unit
    if kpi.baseline_is_new:
        yield "基準値が「新規」のため進んだ割合は計算せず、実績が目標に達したかどうかで見ます。"
    if plan.keeps:
        yield "維持する指標のため割合は計算せず、毎年度の実績を目標の水準と比べます。"
    elif plan.baseline is not None and plan.baseline == plan.target:
        yield "基準値と目標値が同じため割合は計算せず、実績が目標に達したかどうかで見ます。"
    if plan.target == 0:
        yield "目標が0のため「実績÷目標」では計算できません。基準値からの動きで計算し、0になったとき達成です。"
    figures = (plan.baseline, plan.target, *record.values.values())
    if any(value is not None and value < 0 for value in figures):
        yield "負の値（▲）を含むため、値そのものの比ではなく、基準値からの差で計算します。"
    if kpi.qualifier == Kpi.Qualifier.ALL:
        if record.whole is not None:
            yield f"「全数」は、いまの構成{figure(record.whole)}{unit}とします。"
        elif plan.target is None:
            yield "「全数」がいくつか分からないため、達成は判定しません。目標値に数を入れると判定できます。"
    if kpi.cumulative:
        yield "累計の指標です。各年度には、開始からその年度末までの合計を入れます。"
    if plan.downwards:
        yield "少ないほどよい指標です。"


def _term(value: Fraction) -> str:
    """A number as a term of a formula: negative ones in brackets."""
    return f"（{figure(value)}）" if value < 0 else figure(value)
