"""Verdicts in a town's words: first what is missing, then how to get it; rule ids and sources stay small.

The rules already speak in sentences; here they are ordered for someone who fills in a form, told at which step of the
wizard they are settled, and the nearest change becomes something to press.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from .rules.engine import Evaluation
from .rules.facts import MemberFacts, RegionFacts
from .rules.ruleset import Row, RuleSet
from .rules.verdict import Finding, Result


class Tone(StrEnum):
    """How a line looks: what must be mended, what is not there yet, what people will judge, a hint, or fine."""

    WRONG = "fail"
    MISSING = "no_data"
    JUDGED = "judge"
    NOTICE = "warn"
    FINE = "pass"


WORDS = {
    Tone.WRONG: "不足",
    Tone.MISSING: "未完了",
    Tone.JUDGED: "審査で判断",
    Tone.NOTICE: "注意",
    Tone.FINE: "適合",
}
STEP_OF_KIND = {
    "purpose": "basic", "work_period": "basic", "other_subsidy": "basic", "self_running_outlook": "basic",
    "self_running_plan": "basic", "cost_sharing": "basic", "subgroup_of_framework": "basic",
    "fields_allowed": "projects", "fields_bundled": "projects", "new_project": "projects",
    "secretariat_share": "projects",
    "estimate_adds_up": "costs", "hard_cost": "costs", "cap": "costs", "cap_notice": "costs", "grant_amount": "costs",
    "allotment": "costs", "kpi": "kpi", "pre_consultation": "confirm",
}  # fmt: skip
"""The step of the wizard at which a kind of rule is settled; kinds that are not named belong to the members."""
PAPERS = {"agreement", "vision", "forward_plan", "conference", "membership_amended", "pre_consultation"}
"""Kinds that ask for a paper or a meeting: what is not there yet is not done, rather than wrong."""
MADE_AT_THE_REGION = {"agreement": "協定", "membership_amended": "協定", "vision": "ビジョン"}
"""Kinds whose paper the towns make on the page of their region, with its name."""


@dataclass(frozen=True)
class Half:
    """The blocks under A-02: `on` members that cannot use the national schemes, `add` missing ones, `off` others."""

    on: int
    add: int
    off: int
    members: int
    unit: str = "市町村"

    @property
    def blocks(self) -> list[str]:
        return ["on"] * self.on + ["add"] * self.add + [""] * self.off

    @property
    def label(self) -> str:
        """What the picture says, for those who cannot see it."""
        text = f"{self.members}{self.unit}のうち国の制度を使えないのは{self.on}{self.unit}"
        after = f"{self.members + self.add}{self.unit}のうち{self.on + self.add}{self.unit}になる"
        return f"{text}。{self.add}{self.unit}を加えると{after}" if self.add else text


@dataclass(frozen=True)
class Line:
    """One finding as a town reads it: `title` first, then `text`; `candidates` can be added with one press.

    `compared` are the numbers behind it, `parts` (rule, tone, message) the findings that a combined rule combines,
    `paper` the missing paper that is made on the page of the region (協定), empty where none is missing.
    """

    rule: str
    tone: Tone
    title: str
    text: str = ""
    source: str = ""
    step: str = "members"
    half: Half | None = None
    candidates: tuple[MemberFacts, ...] = ()
    removable: tuple[MemberFacts, ...] = ()
    compared: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, Tone, str], ...] = ()
    paper: str = ""

    @property
    def word(self) -> str:
        return WORDS[self.tone]


@dataclass(frozen=True)
class Advice:
    """All lines of a verdict, the pressing ones first. `needed` counts what keeps from submitting."""

    lines: list[Line] = field(default_factory=list)

    @property
    def needed(self) -> list[Line]:
        return [line for line in self.lines if line.tone in (Tone.WRONG, Tone.MISSING)]

    @property
    def fine(self) -> list[Line]:
        return [line for line in self.lines if line.tone == Tone.FINE]

    def at(self, step: str) -> list[Line]:
        """The lines that the step settles."""
        return [line for line in self.lines if line.step == step]

    def elsewhere(self, step: str) -> list[Line]:
        """What is still needed at the other steps."""
        return [line for line in self.needed if line.step != step]


def advice(verdict: Evaluation, rules: RuleSet, region: RegionFacts) -> Advice:
    """Put a verdict into a town's words; rules that do not concern it are left out."""
    lines = [_line(finding, rules, region) for finding in verdict.findings if finding.result != Result.NOT_APPLICABLE]
    order = list(Tone)
    return Advice(sorted(lines, key=lambda line: order.index(line.tone)))


def _line(finding: Finding, rules: RuleSet, region: RegionFacts) -> Line:
    kinds = _kinds(rules.row(finding.rule))
    title, text = _split(finding.message)
    tone = Tone(finding.result.value)
    change = finding.nearest_change or {}
    half = None
    if finding.result == Result.FAIL and "add_blank" in change:
        half = _half(finding, unit_of(region))
        title, text = _blank_words(finding, half)
    elif finding.result == Result.FAIL and kinds & PAPERS:
        tone = Tone.MISSING
    elif finding.result == Result.JUDGE:
        text = f"{text}審査で判断します。このまま進められます。"
    by_code = {member.code: member for member in (*region.outside, *region.members)}
    return Line(
        rule=finding.rule,
        tone=tone,
        title=title,
        text=text,
        source=finding.source,
        step=next((STEP_OF_KIND[kind] for kind in sorted(kinds) if kind in STEP_OF_KIND), "members"),
        half=half,
        candidates=_named(change.get("candidates", ()), by_code),
        removable=_named(change.get("remove", ()), by_code),
        compared=_compared(finding),
        paper="・".join(dict.fromkeys(_missing_papers(rules.row(finding.rule), finding))),
        parts=tuple(
            (part.rule, Tone(part.result.value), part.message)
            for part in finding.walk()
            if part is not finding and part.result != Result.NOT_APPLICABLE
        ),
    )


def _missing_papers(row: Row, finding: Finding) -> Iterator[str]:
    """The papers that the finding, or those it combines, asks for and that are not there."""
    if finding.result not in (Result.FAIL, Result.NO_DATA):
        return
    if row.kind and row.kind.name in MADE_AT_THE_REGION:
        yield MADE_AT_THE_REGION[row.kind.name]
    for inner, part in zip(row.rows, finding.children, strict=False):
        yield from _missing_papers(inner, part)


def _compared(finding: Finding) -> tuple[tuple[str, str], ...]:
    """The numbers that decided: of alternatives only those of the one that holds."""
    if finding.children and finding.result.holds:
        return next((part.compared for part in finding.children if part.result.holds), finding.compared)
    return finding.compared


def _kinds(row: Row) -> set[str]:
    """The names of the rule kinds in a row and the rows it combines."""
    return ({row.kind.name} if row.kind else set()).union(*(_kinds(part) for part in row.rows))


def _split(message: str) -> tuple[str, str]:
    """The first sentence as a headline without its full stop, and the rest."""
    head, _, rest = message.partition("。")
    return head, rest


def _half(finding: Finding, unit: str) -> Half:
    blank, members = int(finding.inputs["blank"]), int(finding.inputs["members"])
    add = int((finding.nearest_change or {})["add_blank"])
    return Half(on=blank, add=add, off=members - blank, members=members, unit=unit)


def _blank_words(finding: Finding, half: Half) -> tuple[str, str]:
    """あと1町村で1/2要件を満たします; もう1町村加えると6町村のうち3町村で、ちょうど1/2になります。"""
    share, unit = finding.inputs["at_least"], half.unit
    after = Fraction(half.on + half.add, half.members + half.add)
    end = f"ちょうど{share}になります" if after == Fraction(share) else f"{share}以上になります"
    return (
        f"あと{half.add}{unit}で{share}要件を満たします",
        f"国の制度を使えない{unit}は、{half.members}{unit}のうち{half.on}{unit}です。もう{half.add}{unit}加えると"
        f"{half.members + half.add}{unit}のうち{half.on + half.add}{unit}で、{end}。",
    )


def unit_of(region: RegionFacts) -> str:
    """How the members are called together: 町村 where no city is among them."""
    return "市町村" if any(member.name.endswith("市") for member in region.members) else "町村"


def _named(codes: Iterable[str], by_code: dict[str, MemberFacts]) -> tuple[MemberFacts, ...]:
    return tuple(by_code[code] for code in codes if code in by_code)[:8]
