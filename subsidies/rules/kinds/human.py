"""Rules that only people can answer; what is written is put before them."""

from __future__ import annotations

from ..facts import ApplicationFacts
from ..values import Parameter, ValueType
from ..verdict import Finding, judge_needed, no_data
from .base import Values, kind


@kind(
    "purpose",
    "目的の確認",
    "目的欄の記載を職員が確認します。空欄のときはデータなしです。",
    needs=("purpose",),
)
def purpose(facts: ApplicationFacts, values: Values) -> Finding:
    """A-09: a reviewer confirms the purpose text."""
    text = facts.purpose.strip()
    if not text:
        return no_data("目的欄が空欄です。", compared=(("目的欄", "未記入"),))
    return judge_needed(
        "目的の記載が要件に合うかどうかの判断が必要です。",
        inputs={"characters": len(text)},
        compared=(("目的欄", f"記載あり（{len(text)}字）"),),
    )


@kind(
    "self_running_outlook",
    "自走化の見通し",
    "支援が終わった後の見通しの記載を職員が確認します。空欄のときはデータなしです。",
    needs=("self_running",),
)
def self_running_outlook(facts: ApplicationFacts, values: Values) -> Finding:
    """A-13: the outlook is filled; a reviewer confirms it."""
    text = facts.self_running.outlook.strip() if facts.self_running else ""
    if not text:
        return no_data("自走化の見通しが未記入です。", compared=(("見通しの記載", "なし"),))
    return judge_needed(
        "支援が終わった後も続ける見通しの判断が必要です。",
        inputs={"characters": len(text)},
        compared=(("見通しの記載", f"あり（{len(text)}字）"),),
    )


@kind(
    "points_judged",
    "項目ごとの判断",
    "定めた項目のすべてを、理由を付けて「当たる」と判断したときに適合とします。",
    Parameter("points", ValueType.TEXTS, "判断項目"),
)
def points_judged(facts: ApplicationFacts, values: Values) -> Finding:
    """M-06: open until a judgement answers every point; the engine settles it only with all points answered yes."""
    points = values["points"]
    return judge_needed(
        f"先駆的な取組に当たるかどうか、{len(points)}項目の判断が必要です（{'、'.join(points)}）。",
        inputs={"points": list(points)},
        compared=tuple((point, "すべてに当たることが必要") for point in points),
    )
