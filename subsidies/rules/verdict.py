"""What a rule answers: a three-valued verdict that explains itself.

Unknown never becomes yes or no: `NO_DATA` says that a fact is missing, `JUDGE` that a person must decide. Combining
follows rulings "Rules" 3. WARN counts as PASS and stays visible; NOT_APPLICABLE is neutral.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from .codec import Json, decode, encode


class Result(StrEnum):
    """The answer of one rule, or of several together."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    JUDGE = "judge"
    WARN = "warn"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """As pages and papers say it."""
        return RESULT_LABELS[self]

    @property
    def holds(self) -> bool:
        """Whether the requirement counts as met."""
        return self in (Result.PASS, Result.WARN)

    @property
    def is_open(self) -> bool:
        """Whether a person or a missing fact still has to decide it."""
        return self in (Result.JUDGE, Result.NO_DATA)


RESULT_LABELS = {
    Result.PASS: "適合",
    Result.FAIL: "不適合",
    Result.JUDGE: "要判断",
    Result.WARN: "注意",
    Result.NO_DATA: "データなし",
    Result.NOT_APPLICABLE: "対象外",
}


def all_of(results: Iterable[Result]) -> Result:
    """Combine requirements that must all hold: FAIL if any FAIL, else NO_DATA, else JUDGE, else PASS.

    NOT_APPLICABLE when nothing applies.
    """
    return _first(results, (Result.FAIL, Result.NO_DATA, Result.JUDGE, Result.PASS))


def any_of(results: Iterable[Result]) -> Result:
    """Combine alternatives: PASS if any PASS, else JUDGE, else NO_DATA, else FAIL.

    NOT_APPLICABLE when nothing applies.
    """
    return _first(results, (Result.PASS, Result.JUDGE, Result.NO_DATA, Result.FAIL))


def _first(results: Iterable[Result], order: tuple[Result, ...]) -> Result:
    seen = {Result.PASS if result == Result.WARN else result for result in results}
    return next((result for result in order if result in seen), Result.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's recorded answer to one open rule.

    `by` and `office` are names as of that day; `points` answers the single questions of a rule that asks several
    (M-06), as (question, yes). `holds` is the answer as a whole.
    """

    rule: str
    holds: bool
    reason: str
    by: str = ""
    office: str = ""
    on: date | None = None
    points: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule with everything needed to defend it.

    `inputs` holds the compared values as JSON (ints, strings, fractions as "2/5"); `compared` the same for readers, as
    (Japanese label, text) lines; `reason` why data is missing; `nearest_change` what would turn a FAIL. A combined
    rule (M-03) carries the findings it combines in `children`. `judged_at` is the stage at which a person resolves
    an open answer, `judgement` that answer, and `automatic` what the rule said by itself before it.
    """

    result: Result
    message: str
    rule: str = ""
    title: str = ""
    wording: str = ""
    source: str = ""
    stage: str = ""
    judged_at: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    compared: tuple[tuple[str, str], ...] = ()
    nearest_change: dict[str, Any] | None = None
    reason: str = ""
    children: tuple[Finding, ...] = ()
    judgement: Judgement | None = None
    automatic: Result | None = None

    def with_result(self, result: Result) -> Finding:
        """The same finding under another result (a severity, a judgement)."""
        return replace(self, result=result)

    def walk(self) -> Iterator[Finding]:
        """This finding and those it combines, outer first; parts without an id of their own are left out."""
        if self.rule:
            yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self) -> Json:
        """The finding as JSON; `from_json` gives back an equal one."""
        return encode(self)

    @classmethod
    def from_json(cls, data: Json) -> Finding:
        return decode(cls, data)


def found(result: Result, message: str, **more: Any) -> Finding:
    """A finding whose inputs and nearest change may still hold dates and fractions: they become JSON here."""
    for name in ("inputs", "nearest_change"):
        if name in more:
            more[name] = encode(more[name])
    return Finding(result, message, **more)


def passed(message: str, **more: Any) -> Finding:
    """A finding that holds."""
    return found(Result.PASS, message, **more)


def failed(message: str, **more: Any) -> Finding:
    """A finding that does not hold."""
    return found(Result.FAIL, message, **more)


def judge_needed(message: str, **more: Any) -> Finding:
    """A finding that a person must decide."""
    return found(Result.JUDGE, message, **more)


def warned(message: str, **more: Any) -> Finding:
    """A finding that holds with something to look at."""
    return found(Result.WARN, message, **more)


def no_data(reason: str, **more: Any) -> Finding:
    """A finding that cannot be answered because a fact is missing; the reason says which."""
    return found(Result.NO_DATA, reason, reason=reason, **more)


def not_applicable(message: str, **more: Any) -> Finding:
    """A finding of a rule that does not concern these facts."""
    return found(Result.NOT_APPLICABLE, message, **more)
