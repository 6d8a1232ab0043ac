"""Running grants that do not go as planned: a change approved, one under review, work carried over, work suspended.

Told through the services, each act on its own day. Regions, initiatives and amounts are made up; the members are real.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from common import clock
from common.fiscal_year import FiscalYear
from regions.models import Region
from subsidies.approved_plan import Plan, PlanCost, approved_plan
from subsidies.models import Application
from subsidies.services import change_decisions, changes, due
from subsidies.services.changes import ChangeDraft, Consent
from subsidies.services.drafts import even_split

from .plots import DemoRegion, Plot
from .regions import Cast
from .stories import Story

REGIONS = (
    DemoRegion("根室中標津", ("012238", "016926"), "012238", name="根室・中標津連携地域（デモ）"),
    DemoRegion("馬追", ("014231", "014273", "014281"), "014281", name="馬追丘陵連携地域（デモ）"),
    DemoRegion("根室標津", ("012238", "016934"), "012238", name="根室・標津連携地域（デモ）"),
    DemoRegion("長沼月形", ("014281", "014303"), "014281", name="長沼・月形連携地域（デモ）"),
)
TOPIC_OF = {"根室中標津": "library", "馬追": "roads", "根室標津": "roads", "長沼月形": "library"}
STARTED = 47  # days ago
OPINION = "実施の状況からみてやむを得ず、目的の達成に支障はないと認められるため、承認が適当である（デモ）。"


def topics_of(region: str) -> list[str]:
    """Which initiatives a region of these stories needs."""
    return [TOPIC_OF[region]]


def tell_changes(stage: Cast, made: Mapping[str, Region]) -> None:
    """Tell the four grants; each began `STARTED` days before today."""
    for number, place in enumerate(REGIONS):
        story = Underway(stage, place, made[place.key], began=190 - number)
        story.tell()
        STORIES[place.key](story)


class Underway(Story):
    """A grant whose work runs, and what its people do about changes."""

    def __init__(self, stage: Cast, place: DemoRegion, region: Region, *, began: int) -> None:
        super().__init__(stage, Plot("past", place.key, TOPIC_OF[place.key], "granted", began), place, region)

    def period(self) -> tuple[date, date]:
        return self.stage.today - timedelta(days=STARTED), super().period()[1]

    def tell(self) -> Application:
        super().tell()
        self.go(STARTED)
        self.act(lambda: due.begin(application_id=self.pk, on=clock.today()))
        return self.application

    def go(self, ago: int) -> None:
        """The next act happens this many days before today."""
        self.day, self.hour = self.stage.today - timedelta(days=ago), 9

    @property
    def plan(self) -> Plan:
        return approved_plan(self.application)

    def shared(self, plan: Plan, grant_yen: int) -> Plan:
        """The plan with this grant, which the towns share evenly."""
        split = even_split(grant_yen, self.place.members)
        shares = tuple(replace(share, split_yen=split[share.code]) for share in plan.shares)
        return replace(plan, grant_yen=grant_yen, shares=shares)

    def ask(self, kind: str, *, light: bool = False, **typed: Any) -> None:
        """The planner writes, the approver submits; every member has agreed the day before."""
        number = self.write_change(kind, **typed)
        by: dict[str, Any] = {"application_id": self.pk, "number": number}
        self.act(lambda: changes.hand_on(**by, viewer=self.planner))
        self.act(lambda: changes.submit(**by, viewer=self.approver, light=light))

    def write_change(self, kind: str, *, after: Plan | None = None, **typed: Any) -> int:
        """Begin one and write it; the number of the change."""
        with self.moment():
            change = changes.start(application_id=self.pk, kind=kind, viewer=self.planner)
            others = [code for code in self.place.members if code != self.place.lead]
            agreed = clock.today() - timedelta(days=1)
            draft = ChangeDraft(
                after=after or self.plan,
                effective_on=clock.today(),
                document_no=self.letter(),
                consents={code: Consent(agreed, f"企第{210 + place}号") for place, code in enumerate(others)},
            )
            changes.write(
                application_id=self.pk,
                number=change.number,
                draft=replace(draft, **typed),
                revision=1,
                viewer=self.planner,
            )
        return int(change.number)

    def opine(self, number: int) -> None:
        self.wait(4)
        self.act(
            lambda: change_decisions.opine(
                application_id=self.pk, number=number, text=OPINION, fits=True, viewer=self.reviewer
            )
        )

    def approve(self, number: int) -> None:
        self.wait(2)
        self.act(lambda: change_decisions.approve(application_id=self.pk, number=number, viewer=self.head))


def _approved(story: Underway) -> None:
    """Fewer e-books, more courses: a third of one category moves, the grant falls; approved. A next one is written."""
    plan = story.plan
    rent, courses = plan.costs
    costs = (
        replace(rent, amount_yen=440_000, eligible_yen=440_000),
        replace(courses, amount_yen=700_000, eligible_yen=700_000),
    )
    story.go(30)
    story.ask(
        "change",
        after=story.shared(replace(plan, costs=costs), 1_140_000),
        reason="利用開始が2か月遅れて利用料が減り、操作研修の希望が多いため回数を増やす（デモ）。",
    )
    story.opine(1)
    story.approve(1)
    plan = story.plan
    rent, courses = plan.costs
    costs = (
        replace(rent, amount_yen=480_000, eligible_yen=480_000),
        replace(courses, amount_yen=660_000, eligible_yen=660_000),
    )
    story.go(2)
    story.write_change("change", after=replace(plan, costs=costs), reason="利用登録が見込みより多いため（デモ）。")


def _under_review(story: Underway) -> None:
    """More is to be scanned than planned: the grant would rise; nobody of the bureau has looked at it yet."""
    plan = story.plan
    project, lead = plan.projects[0].id, story.place.lead
    scanning = PlanCost(3, "services", "紙の図面の運搬・読取り", 200_000, 200_000, project, lead)
    story.go(6)
    story.ask(
        "change",
        after=story.shared(replace(plan, costs=(*plan.costs, scanning)), plan.grant_yen + 200_000),
        reason="現地を確かめたところ、読み取る図面が計画より40路線分多かったため（デモ）。",
    )


def _carried_over(story: Underway) -> None:
    """The work would end after 31 March: the bureau has given its opinion, headquarters decides."""
    year = FiscalYear(story.application.fiscal_year)
    story.go(12)
    story.ask(
        "delay",
        after=replace(story.plan, end_on=date(year + 1, 6, 30)),
        reason="読取りを委託した事業者の機器の故障により、納品が3か月遅れる見込みとなったため（デモ）。",
        work_done="様式の共通化を終え、30路線を読み取った（デモ）。",
        spent_yen=480_000,
        outlook="4月から読取りを再開し、6月に相互の閲覧を始める（デモ）。",
    )
    story.opine(1)


def _suspended(story: Underway) -> None:
    """A small shift between categories was told as a light change; later the work was suspended."""
    plan = story.plan
    rent, courses = plan.costs
    costs = (
        replace(rent, amount_yen=630_000, eligible_yen=630_000),
        replace(courses, amount_yen=570_000, eligible_yen=570_000),
    )
    story.go(36)
    story.ask("change", light=True, after=replace(plan, costs=costs), reason="研修の会場が変わったため（デモ）。")
    story.go(24)
    story.ask(
        "suspend",
        reason="サービスの提供事業者が交代するため、新しい契約を結ぶまで止める（デモ）。",
        work_done="利用登録120人、研修1回（デモ）。",
        spent_yen=310_000,
        outlook="12月に新しい契約を結び、1月に再開する（デモ）。",
    )
    story.opine(2)
    story.approve(2)


STORIES = {"根室中標津": _approved, "馬追": _under_review, "根室標津": _carried_over, "長沼月形": _suspended}
