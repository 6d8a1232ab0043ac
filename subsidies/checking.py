"""要件チェック: what the page asks and shows. Members, programs and a year in, verdicts side by side out; no saving."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from common import clock
from common.fiscal_year import FiscalYear, parse_day
from common.viewer import Viewer
from municipalities.models import PopulationSeries
from regions.models import Region, RegionMembership

from .models import RuleSetVersion
from .partners.nearest import Nearest, nearest_changes
from .picking import Choice, choice, home_bureau
from .questions import BadQuestion, Desk, Question
from .rules.engine import Evaluation, Later
from .rules.facts import RegionFacts, RegionType
from .rules.ruleset import STAGE_LABELS
from .rules.verdict import Result
from .wording import Advice, advice


@dataclass(frozen=True)
class Asked:
    """What stands in the address: everything as text, so that it can be shown again as typed."""

    members: tuple[str, ...]
    programs: tuple[str, ...]
    year: str
    on: str
    type: str
    hub: str
    series: str


@dataclass(frozen=True)
class Answer:
    """One program's verdict, or why it could not be given."""

    program: str
    name: str
    problem: str = ""
    question: Question | None = None
    verdict: Evaluation | None = None
    advice: Advice | None = None
    facts: RegionFacts | None = None
    series: PopulationSeries | None = None
    nearest: Nearest | None = None

    @property
    def headline(self) -> str:
        """The whole verdict in one sentence."""
        if self.verdict is None:
            return self.problem
        return {
            Result.PASS: "地域の要件をすべて満たしています。",
            Result.FAIL: "このままでは申請できません。",
            Result.JUDGE: "審査での判断を要する要件があります。",
            Result.NO_DATA: "データが足りないため判定できない要件があります。",
        }.get(self.verdict.result, "対象になる要件がありません。")

    @property
    def later(self) -> list[tuple[str, list[Later]]]:
        """The rules that come at later stages, by stage."""
        found: dict[str, list[Later]] = {}
        for item in self.verdict.later if self.verdict else ():
            found.setdefault(STAGE_LABELS[item.stage], []).append(item)
        return list(found.items())


@dataclass(frozen=True)
class Belonging:
    """Where one town already works together: zones on the day, regions of today and before."""

    code: str
    name: str
    zones: str
    regions: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Check:
    """Everything the page shows."""

    asked: Asked
    choice: Choice
    programs: list[tuple[str, str, bool]]
    editions: Mapping[str, PopulationSeries]
    answers: list[Answer]
    belongings: list[Belonging]
    on: date


def check(asked: Asked, viewer: Viewer, *, prefecture: str) -> Check:
    """Answer for each program that was asked; without one, for those whose rules hold in the year.

    Territory is looked at today, for a year that is over on its first day.
    """
    desk = Desk(prefecture=prefecture)
    today = clock.today()
    year = _year(asked.year) or FiscalYear.of(today)
    on = _day(asked.on) or (year.first_day if year.last_day < today else max(today, year.first_day))
    known = {version.program_id: version for version in desk.versions(year)}
    running = [code for code, version in known.items() if _covers(version, year)]
    programs = [code for code in asked.programs if code in known] or running or list(known)[-1:]
    members = tuple(code for code in asked.members if code in desk.ground.names)
    own = viewer.office.code if viewer.is_municipal or viewer.is_bureau else ""
    home = home_bureau(desk.ground, prefecture, members[0] if members and not viewer.is_bureau else own, on)
    keep = (viewer.office.code,) if viewer.is_municipal else ()
    answers = [_answer(desk, asked, members, code, known[code].program.name, year, on, keep) for code in programs]
    return Check(
        asked=asked,
        choice=choice(desk.ground, prefecture, home, members, on),
        programs=[(code, version.program.short_name, code in programs) for code, version in known.items()],
        editions=desk.editions,
        answers=answers,
        belongings=_belongings(desk, viewer, members, on),
        on=on,
    )


def _answer(
    desk: Desk,
    asked: Asked,
    members: tuple[str, ...],
    program: str,
    name: str,
    year: FiscalYear,
    on: date,
    keep: Collection[str],
) -> Answer:
    if not members:
        return Answer(program, name, "市町村を2つ以上選ぶと判定します。")
    hub = asked.hub if asked.type == RegionType.HUB and asked.hub in members else ""
    raw = {"program": program, "fiscal_year": int(year), "members": members, "on": on, "series": asked.series}
    try:
        question = desk.read(raw | {"type": asked.type or RegionType.FLAT, "hub": hub})
    except BadQuestion as wrong:
        return Answer(program, name, str(wrong))
    facts = desk.facts(question)
    verdict = desk.judge(question, facts)
    words = advice(verdict, desk.rules(program, year), facts)
    nearest = nearest_changes(desk, question, verdict.result, keep)
    return Answer(program, name, "", question, verdict, words, facts, desk.editions[question.series], nearest)


def _covers(version: RuleSetVersion, year: int) -> bool:
    return version.effective_from_fy <= year and (version.effective_to_fy is None or year <= version.effective_to_fy)


def _belongings(desk: Desk, viewer: Viewer, members: Iterable[str], on: date) -> list[Belonging]:
    """Where these towns already work together, as far as the viewer may know; one query."""
    found: dict[str, list[tuple[str, str, str]]] = {code: [] for code in members}
    visible = Region.objects.visible_to(viewer)
    rows = RegionMembership.objects.filter(municipality__in=list(found), region__in=visible).select_related("region")
    for row in rows.order_by("-joined_on"):
        left = f"{FiscalYear.of(row.left_on).wareki}まで" if row.left_on else row.region.get_state_display()
        found[row.municipality_id].append((row.region_id, row.region.name, left))
    statuses = desk.ground.statuses(on)
    return [Belonging(code, desk.ground.names[code], statuses[code].label, found[code]) for code in found]


def _year(text: str) -> FiscalYear | None:
    try:
        return FiscalYear.parse(text) if text else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError:
        return None
