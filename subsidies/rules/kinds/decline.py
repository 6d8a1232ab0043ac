"""Rules about the projected decline of the population. Exact fractions; a band below the threshold is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..exact import names_text, percent, share_text, threshold_text
from ..facts import ApplicationFacts, MemberFacts, RegionFacts, RegionType
from ..values import Parameter, ValueType
from ..verdict import Finding, Result, all_of, failed, judge_needed, no_data, not_applicable, passed
from .base import Values, kind

THRESHOLD = Parameter("threshold", ValueType.SHARE, "基準の率", "この率以上で適合です。")
JUDGE_FROM = Parameter(
    "judge_from",
    ValueType.SHARE,
    "「概ね」の判断を求める下限",
    "この率以上で基準未満なら判断を求め、それより低ければ不適合です。",
)
TARGET_YEAR = Parameter("target_year", ValueType.YEAR, "目標年", "この年の推計人口を基準年と比べます。")
EACH, TOTAL = "each", "total"


@dataclass(frozen=True)
class _Comparison:
    """The decline of some members against threshold and band, in the edition fixed for the region."""

    region: RegionFacts
    members: Sequence[MemberFacts]
    values: Values

    @cached_property
    def declines(self) -> dict[MemberFacts, Fraction]:
        """Each member's decline, without those whose figures are missing."""
        year = self.values["target_year"]
        known = ((member, member.projection.decline(year)) for member in self.members if member.projection)
        return {member: decline for member, decline in known if decline is not None}

    @property
    def missing(self) -> list[MemberFacts]:
        return [member for member in self.members if member not in self.declines]

    @property
    def limit(self) -> str:
        return threshold_text(self.values["threshold"])

    @property
    def subject(self) -> str:
        return f"{self.values['target_year']}年の人口減少率"

    def shown(self, decline: Fraction) -> str:
        return percent(decline, (self.values["threshold"], self.values["judge_from"]))

    def verdict(self, decline: Fraction) -> Result:
        """PASS at the threshold, JUDGE in the band of 「概ね」, FAIL below."""
        if decline >= self.values["threshold"]:
            return Result.PASS
        return Result.JUDGE if decline >= self.values["judge_from"] else Result.FAIL

    def inputs(self, mode: str) -> dict[str, Any]:
        known = next((member.projection for member in self.members if member.projection), None)
        return {
            "series": self.region.series,
            "edition": known.name if known else self.region.series_name,
            "base_year": known.base_year if known else None,
            "target_year": self.values["target_year"],
            "threshold": share_text(self.values["threshold"]),
            "judge_from": share_text(self.values["judge_from"]),
            "mode": mode,
            "type_assumed": self.region.type_assumed,
            "missing": [member.code for member in self.missing],
        }

    def basis(self) -> tuple[str, str]:
        """Which figures were compared, as a line for readers: 推計の版 平成30年推計（2015年→2040年）."""
        known = next((member.projection for member in self.members if member.projection), None)
        if known is None:
            return "推計の版", self.region.series_name or self.region.series or "－"
        return "推計の版", f"{known.name}（{known.base_year}年→{self.values['target_year']}年）"

    def no_figures(self) -> str:
        notes = "、".join(dict.fromkeys(member.projection_note for member in self.missing if member.projection_note))
        listed = names_text([member.name for member in self.missing])
        return f"{listed}の将来推計人口がありません{f'（{notes}）' if notes else ''}。"

    def each(self) -> Finding:
        """Every member by itself; one that is certainly too low fails even where others are unknown."""
        verdicts = {member: self.verdict(decline) for member, decline in self.declines.items()}
        result = all_of([*verdicts.values(), *(Result.NO_DATA for _ in self.missing)])
        declines = {member.code: share_text(decline) for member, decline in self.declines.items()}
        known: dict[str, Any] = {
            "inputs": {**self.inputs(EACH), "declines": declines},
            "compared": (
                *(
                    (member.name, self.shown(self.declines[member]) if member in self.declines else "データなし")
                    for member in self.members
                ),
                self.basis(),
            ),
        }
        if result == Result.NO_DATA:
            return no_data(self.no_figures(), **known)
        low = [member for member, verdict in verdicts.items() if verdict == result]
        listed = names_text([f"{member.name}（{self.shown(self.declines[member])}）" for member in low])
        if result == Result.FAIL:
            return failed(
                f"{self.subject}が概ね{self.limit}に届かない市町村があります：{listed}。",
                nearest_change={"blocked_by": [member.code for member in low]},
                **known,
            )
        if result == Result.JUDGE:
            shown = "・".join(f"{member.name} {self.shown(self.declines[member])}" for member in low)
            return judge_needed(f"{self.subject}：{shown}（概ね{self.limit}の判断が必要）", **known)
        return passed(f"{len(self.members)}市町村とも{self.subject}が{self.limit}以上です。", **known)

    def total(self, whose: str) -> Finding:
        """All these members together; unknown as soon as one figure is missing."""
        if self.missing:
            return no_data(self.no_figures(), inputs=self.inputs(TOTAL), compared=(self.basis(),))
        year = self.values["target_year"]
        projections = [member.projection for member in self.members if member.projection]
        base = sum(item.total(item.base_year) or 0 for item in projections)
        target = sum(item.total(year) or 0 for item in projections)
        decline = Fraction(base - target, base)
        known: dict[str, Any] = {
            "inputs": {**self.inputs(TOTAL), "base": base, "target": target, "decline": share_text(decline)},
            "compared": (
                ("基準年の人口", f"{base:,}人"),
                (f"{year}年の推計人口", f"{target:,}人"),
                ("減少率", self.shown(decline)),
                self.basis(),
            ),
        }
        text = f"{whose}の{self.subject}は{self.shown(decline)}"
        match self.verdict(decline):
            case Result.PASS:
                return passed(f"{text}で、{self.limit}以上です。", **known)
            case Result.JUDGE:
                return judge_needed(f"{text}（概ね{self.limit}の判断が必要）です。", **known)
        slowest = min(self.declines, key=lambda member: (self.declines[member], member.code))
        return failed(
            f"{text}で、概ね{self.limit}に届きません。", nearest_change={"blocked_by": [slowest.code]}, **known
        )


@kind(
    "decline_flat",
    "フラットな連携の人口減少率",
    "中心都市を置かない地域で、将来推計人口の減少率を市町村ごと、または地域全体で基準と比べます。",
    THRESHOLD,
    JUDGE_FROM,
    TARGET_YEAR,
    Parameter(
        "mode",
        ValueType.CHOICE,
        "見方",
        "市町村ごと：すべての市町村で比べます。地域全体：合計で比べます。",
        {EACH: "市町村ごとに見る", TOTAL: "地域全体で見る"},
    ),
    needs=("members",),
)
def decline_flat(facts: ApplicationFacts, values: Values) -> Finding:
    """M-05a: type flat; (base − target) / base of each member, or of all together, against the threshold."""
    region = facts.region
    if region.type != RegionType.FLAT:
        return not_applicable("中心都市と隣接市町村による連携のため、この要件では見ません。")
    comparison = _Comparison(region, region.members, values)
    return comparison.each() if values["mode"] == EACH else comparison.total("地域全体")


@kind(
    "decline_without_hub",
    "中心都市を除く人口減少率",
    "中心都市と隣接市町村による連携で、中心都市を除く市町村全体の減少率を基準と比べます。"
    "中心都市は本庁が登録した都市に限ります。",
    THRESHOLD,
    JUDGE_FROM,
    TARGET_YEAR,
    needs=("members",),
)
def decline_without_hub(facts: ApplicationFacts, values: Values) -> Finding:
    """M-05b: type hub, hub designated; (Σ base − Σ target) / Σ base over the members without the hub."""
    region = facts.region
    if region.type != RegionType.HUB:
        return not_applicable("フラットな連携のため、この要件では見ません。")
    hub = region.by_code.get(region.hub)
    if hub is None:
        return no_data("中心都市が選ばれていません。")
    others = [member for member in region.members if member.code != hub.code]
    comparison = _Comparison(region, others, values)
    apart = [member for member in others if hub.code not in member.neighbours]
    about_hub = {"hub": hub.code, "not_adjacent_to_hub": [member.code for member in apart]}
    if not region.hub_designated:
        reason = f"中心都市の指定を登録してください（{hub.name}）。"
        return no_data(reason, inputs={**comparison.inputs(TOTAL), **about_hub})
    if not others:
        return no_data("中心都市のほかに構成市町村がありません。", inputs=about_hub)
    finding = comparison.total(f"中心都市（{hub.name}）を除く{len(others)}市町村")
    note = (f"{hub.name}に接していない市町村", names_text([member.name for member in apart]))
    return replace(
        finding,
        inputs={**finding.inputs, **about_hub},
        compared=(*finding.compared, note) if apart else finding.compared,
    )
