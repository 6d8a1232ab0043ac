"""Can these municipalities be a region of this program? The question as officials and scripts put it, and its answer.

`check_region`, the page 要件チェック and the search for partners ask through here; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.fiscal_year import FiscalYear, parse_day
from municipalities.codes import full_code
from municipalities.models import PopulationSeries

from .ground import Ground
from .models import RuleSetVersion
from .rules.engine import Evaluation, judge
from .rules.facts import RegionFacts, RegionType
from .rules.ruleset import RuleSet, Stage
from .rules.verdict import Finding
from .rulesets import rules_of


class BadQuestion(ValueError):
    """A question that cannot be answered; the message is Japanese and says what to mend."""


@dataclass(frozen=True, slots=True)
class Question:
    """Members (6-digit codes, in the order given) of one program in one fiscal year, judged on one day."""

    program: str
    fiscal_year: FiscalYear
    members: tuple[str, ...]
    type: RegionType
    hub: str
    series: str
    on: date


class Desk:
    """Answers questions; reads municipalities, rulesets and series once and keeps them.

    For one question give its codes, so that only they and their neighbours are read; for many give none; for a page
    that offers a whole prefecture give that. A version on `trial` answers for its program in every year, whatever its
    state.
    """

    def __init__(
        self, codes: Sequence[str] | None = None, *, prefecture: str = "", trial: RuleSetVersion | None = None
    ) -> None:
        self.ground = Ground(codes, prefecture=prefecture)
        self._series = {item.code: item for item in PopulationSeries.objects.all()}
        self.ground.know_series(self._series)
        self._versions: dict[str, list[RuleSetVersion]] = {}
        rows = RuleSetVersion.objects.filter(state=RuleSetVersion.State.PUBLISHED).select_related("program")
        for version in rows.order_by("effective_from_fy", "version"):
            self._versions.setdefault(version.program_id, []).append(version)
        if trial is not None:
            self._versions[trial.program_id] = [trial]
        self._rules: dict[int, RuleSet] = {}

    @property
    def editions(self) -> dict[str, PopulationSeries]:
        """The editions of the projection by code; actual counts are left out."""
        return {code: item for code, item in self._series.items() if item.base_year}

    @property
    def programs(self) -> tuple[str, ...]:
        """Codes of the programs that have published rules."""
        return tuple(self._versions)

    def versions(self, fiscal_year: int) -> list[RuleSetVersion]:
        """For each program the version that answers for the year (see `rules`), in the programs' order."""
        found = [self._version(program, fiscal_year) for program in self._versions]
        return sorted(found, key=lambda version: version.program.order)

    def rules(self, program: str, fiscal_year: int) -> RuleSet:
        """The ruleset in force in the year; outside every term the newest one begun before it, else the first.

        Raises BadQuestion for a program without published rules.
        """
        return self._parsed(self._version(program, fiscal_year))

    def read(self, raw: Mapping[str, Any]) -> Question:
        """Read a question from texts or JSON; see rulings "Commands" for the defaults. Raises BadQuestion."""
        if unknown := sorted(set(raw) - _KEYS):
            raise BadQuestion(f"「{unknown[0]}」は使えない項目です（{'、'.join(sorted(_KEYS))}）。")
        for key, label in (("program", "制度"), ("fiscal_year", "年度"), ("members", "構成市町村")):
            if raw.get(key) in (None, "", []):
                raise BadQuestion(f"{label}（{key}）を指定してください。")
        program = str(raw["program"])
        try:
            year = FiscalYear.parse(raw["fiscal_year"])
            on = parse_day(raw["on"]) if raw.get("on") else year.first_day
        except ValueError as wrong:
            raise BadQuestion(str(wrong)) from wrong
        version = self._version(program, year)
        members = self._members(raw["members"], version)
        hub = self._known(raw["hub"]) if raw.get("hub") else ""
        kind = str(raw.get("type") or (RegionType.HUB if hub else RegionType.FLAT))
        if kind not in set(RegionType):
            raise BadQuestion(f"類型「{kind}」は選べません（flat、hub）。")
        if hub and kind != RegionType.HUB:
            raise BadQuestion("フラットな連携に中心都市は指定できません。")
        if hub and hub not in members:
            raise BadQuestion(f"中心都市（{self.ground.names[hub]}）は構成市町村から選んでください。")
        series = str(raw.get("series") or self._parsed(version).value("series"))
        if series not in self._series or self._series[series].base_year is None:
            editions = "、".join(code for code, item in self._series.items() if item.base_year)
            raise BadQuestion(f"将来推計人口の版「{series}」は登録されていません（{editions}）。")
        return Question(program, year, members, RegionType(kind), hub, series, on)

    def facts(self, question: Question) -> RegionFacts:
        """The facts of a region that nobody has supported yet."""
        return self.ground.region(
            question.members,
            program=question.program,
            fiscal_year=question.fiscal_year,
            on=question.on,
            series=question.series,
            type=question.type,
            hub=question.hub,
        )

    def judge(self, question: Question, facts: RegionFacts | None = None) -> Evaluation:
        """The verdict at the stage of the region; the other rules are listed as coming later."""
        rules = self.rules(question.program, question.fiscal_year)
        return judge(rules, facts or self.facts(question), stages=(Stage.REGION,))

    def answer(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Question in, answer out, both as JSON; municipality codes with 5 digits. Raises BadQuestion."""
        question = self.read(raw)
        verdict = self.judge(question)
        answer = {
            "program": question.program,
            "fiscal_year": int(question.fiscal_year),
            "on": question.on.isoformat(),
            "members": list(question.members),
            "type": question.type.value,
            "hub": question.hub or None,
            "series": question.series,
            "ruleset": verdict.version,
            "result": verdict.result.value,
            "findings": findings_json(verdict.findings),
            "later": [
                {"rule": item.rule, "stage": item.stage.value, "wording": item.wording} for item in verdict.later
            ],
        }
        return self.short_codes(answer)  # type: ignore[no-any-return]

    def short_codes(self, value: Any) -> Any:
        """The same JSON with every known 6-digit code cut to the 5 digits that answers use."""
        if isinstance(value, str):
            return value[:5] if value in self.ground.names else value
        if isinstance(value, dict):
            return {self.short_codes(key): self.short_codes(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.short_codes(item) for item in value]
        return value

    def _version(self, program: str, fiscal_year: int) -> RuleSetVersion:
        versions = self._versions.get(program)
        if not versions:
            known = f"（{'、'.join(self._versions)}）" if self._versions else "。先に load_reference を実行してください"
            raise BadQuestion(f"制度「{program}」は登録されていません{known}。")
        begun = [item for item in versions if item.effective_from_fy <= fiscal_year]
        valid = [item for item in begun if item.effective_to_fy is None or fiscal_year <= item.effective_to_fy]
        return (valid or begun or versions[:1])[-1]

    def _parsed(self, version: RuleSetVersion) -> RuleSet:
        if version.pk not in self._rules:
            self._rules[version.pk] = rules_of(version)
        return self._rules[version.pk]

    def _members(self, raw: Any, version: RuleSetVersion) -> tuple[str, ...]:
        given = raw.replace("、", ",").split(",") if isinstance(raw, str) else raw
        if not isinstance(given, list | tuple):
            raise BadQuestion("構成市町村は団体コードの並びで指定してください。")
        members = tuple(self._known(item) for item in given)
        for code in members:
            if members.count(code) > 1:
                raise BadQuestion(f"{self.ground.names[code]}が2回指定されています。")
            if code[:2] != version.program.prefecture_id:
                raise BadQuestion(f"{self.ground.names[code]}は{version.program.name}の対象の都道府県にありません。")
        if len(members) == 1:
            raise BadQuestion("構成市町村は2つ以上指定してください。")
        return members

    def _known(self, raw: Any) -> str:
        """The 6-digit code of a municipality that exists. Raises BadQuestion."""
        try:
            code = full_code(raw)
        except ValueError as wrong:
            raise BadQuestion(str(wrong)) from wrong
        if code not in self.ground.names:
            raise BadQuestion(f"団体コード「{raw}」は登録されていません。")
        return code


_KEYS = {"program", "fiscal_year", "members", "hub", "type", "series", "on"}


def codes_in(raw: Mapping[str, Any]) -> list[str]:
    """The well-formed codes that a question names, to read only their ground; wrong ones are told by `Desk.read`."""
    members = raw.get("members") or []
    given = members.replace("、", ",").split(",") if isinstance(members, str) else list(members)
    codes = []
    for item in [*given, *([raw["hub"]] if raw.get("hub") else [])]:
        try:
            codes.append(full_code(item))
        except ValueError:
            continue
    return codes


def findings_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as answers give them: one after the other, those of a combined rule after it with `within`."""
    rows = []
    for top in findings:
        for finding in top.walk():
            row: dict[str, Any] = {
                "rule": finding.rule,
                "result": finding.result.value,
                "message": finding.message,
                "inputs": finding.inputs,
                "source": finding.source,
                "nearest_change": finding.nearest_change,
                "title": finding.title,
                "wording": finding.wording,
                "stage": finding.stage,
            }
            if finding.reason:
                row["reason"] = finding.reason
            if finding is not top:
                row["within"] = top.rule
            rows.append(row)
    return rows
