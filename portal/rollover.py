"""The turn of the year (年度更新): what each step finds, so that the page says what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import Handover, Post
from common.fiscal_year import FiscalYear
from common.models import NumberSequence
from common.viewer import Access, Duty, Viewer
from municipalities.models import PopulationSeries
from subsidies.duties import CALL
from subsidies.models import Application, RuleSetVersion
from subsidies.services.turning import CallCopy, copies_for
from subsidies.year_end import OpenWork, open_work

from .duties import ROLLOVER
from .models import PrefIndicator, RolloverStep

AHEAD = timedelta(days=120)  # the next year is the one prepared from December on
Step = RolloverStep.Step
TECHNICAL = (Step.NUMBERS, Step.STAFF)  # the administrator's part; the rest is business


@dataclass
class Section:
    """One step on the page: whether it is done, by whom, whether this person may say so, what it finds."""

    step: RolloverStep.Step
    done: RolloverStep | None
    may_act: bool
    facts: Sequence[tuple[str, str]] = ()
    problems: Sequence[str] = ()
    copies: Sequence[CallCopy] = field(default_factory=list)
    work: Sequence[OpenWork] = field(default_factory=list)

    @property
    def shape(self) -> str:
        return "done" if self.done else "late" if self.problems else "them"

    @property
    def word(self) -> str:
        return "済" if self.done else "要確認" if self.problems else "未"


def year_to_turn(today: date) -> FiscalYear:
    """The fiscal year whose preparation or beginning is on."""
    return FiscalYear.of(today + AHEAD)


def steps_of(viewer: Viewer) -> list[RolloverStep.Step]:
    """The steps this person reads: the administrator knows nothing of applications and money."""
    return [one for one in Step if viewer.may(CALL) or one in TECHNICAL]


def may_act(viewer: Viewer, step: RolloverStep.Step) -> bool:
    """Whether this person may call the step done."""
    return viewer.may(ROLLOVER, Access.EDIT) and (viewer.has(Duty.HS, Duty.HM) or step in TECHNICAL)


def sections_of(viewer: Viewer, year: FiscalYear) -> list[Section]:
    """Every step of the turn into `year` as it stands; a constant number of queries."""
    done = {row.step: row for row in RolloverStep.objects.filter(fiscal_year=int(year))}
    find = {
        Step.NUMBERS: _numbers,
        Step.CALLS: _calls,
        Step.RULES: _rules,
        Step.STAFF: _staff,
        Step.WORK: _work,
        Step.FIGURES: _figures,
    }
    sections = []
    for step in steps_of(viewer):
        section = Section(step, done.get(step.value), may_act(viewer, step))
        find[step](section, viewer, year)
        sections.append(section)
    return sections


def _numbers(section: Section, viewer: Viewer, year: FiscalYear) -> None:
    known = set(NumberSequence.objects.filter(year=int(year)).values_list("office_key", "purpose"))
    before = set(NumberSequence.objects.filter(year=int(year) - 1).values_list("office_key", "purpose"))
    section.facts = [
        (f"{FiscalYear(year - 1).wareki}の番号簿", f"{len(before)}件"),
        (f"{year.wareki}の番号簿", f"{len(known)}件"),
    ]
    if missing := len(before - known):
        section.problems = [f"{year.wareki}の番号簿がまだないものが{missing}件あります。"]


def _calls(section: Section, viewer: Viewer, year: FiscalYear) -> None:
    section.copies = copies_for(int(year), viewer)
    section.facts = [
        (f"{FiscalYear(year - 1).wareki}の募集", f"{len(section.copies)}件"),
        (f"{year.wareki}の募集（準備・公開）", f"{sum(one.made is not None for one in section.copies)}件"),
    ]
    if left := [one for one in section.copies if one.open]:
        section.problems = [f"{year.wareki}の募集がまだ準備されていないものが{len(left)}件あります。"]


def _rules(section: Section, viewer: Viewer, year: FiscalYear) -> None:
    """A program that took applications lately and has no rules for the new year is named, with the end of its term."""
    used = Application.objects.filter(fiscal_year=int(year) - 1).values("call__program")
    versions = RuleSetVersion.objects.filter(state=RuleSetVersion.State.PUBLISHED, program__in=used)
    last: dict[str, RuleSetVersion] = {}
    for version in versions.select_related("program").order_by("program__order", "version"):
        last[version.program_id] = version
    ending = [one for one in last.values() if one.effective_to_fy is not None and one.effective_to_fy < year]
    section.facts = [
        (one.program.short_name, f"第{one.version}版　{FiscalYear(one.effective_from_fy).wareki}から{_until(one)}")
        for one in last.values()
    ]
    section.problems = [
        f"{one.program.short_name}のルールは{_until(one)}です。{year.wareki}に使うルールの版を公開してください。"
        for one in ending
    ]


def _until(version: RuleSetVersion) -> str:
    last = version.effective_to_fy
    return f"{FiscalYear(last).wareki}まで" if last else "定めなし"


def _staff(section: Section, viewer: Viewer, year: FiscalYear) -> None:
    first = year.first_day
    moves = Handover.objects.visible_to(viewer).filter(effective_on__range=(first - AHEAD, first + AHEAD))
    states = list(moves.values_list("state", flat=True))
    prepared = states.count(Handover.State.PREPARED)
    eve = first - timedelta(days=1)
    ending = Post.objects.visible_to(viewer).held(eve).filter(valid_to=eve).count()
    section.facts = [
        ("準備中の引継ぎ", f"{prepared}件"),
        ("確定した引継ぎ", f"{states.count(Handover.State.CONFIRMED)}件"),
        (f"{eve.month}月{eve.day}日に終わる役割", f"{ending}件"),
    ]
    if prepared:
        section.problems = [f"確定していない引継ぎが{prepared}件あります。"]


def _work(section: Section, viewer: Viewer, year: FiscalYear) -> None:
    section.work = open_work(int(year) - 1, viewer)
    section.problems = [
        f"{one.words}の期限（{one.until.month}月{one.until.day}日）を過ぎたものが{one.total}件あります。"
        for one in section.work
        if one.late
    ]


def _figures(section: Section, viewer: Viewer, year: FiscalYear) -> None:
    ended = int(year) - 1
    indicators = list(PrefIndicator.objects.visible_to(viewer).with_values(viewer))
    missing = [one.name for one in indicators if ended not in {value.fiscal_year for value in one.official}]
    editions = PopulationSeries.objects.filter(kind=PopulationSeries.Kind.PROJECTION).order_by("-base_year", "order")
    newest = editions.values_list("name", flat=True).first()
    section.facts = [
        (f"{FiscalYear(ended).wareki}の公表値がない指標", f"{len(missing)}件（全{len(indicators)}件）"),
        ("いちばん新しい将来推計", newest or "なし"),
    ]
