"""Telling an application's story through the services, step by step, until it stands where its plot ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

from common import clock
from common.directory import departments, field_officers
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from common.yen import show_yen
from regions.models import Project, Region
from subsidies.judging import latest_verdict
from subsidies.models import Application, SupportYear
from subsidies.rules.money import grant_yen, rate_in, support_year
from subsidies.rules.ruleset import Stage
from subsidies.rulesets import rules_of
from subsidies.services import (
    approvals,
    consents,
    delegations,
    due,
    fieldwork,
    preconsultations,
    reviews,
    submissions,
)
from subsidies.services.drafts import ShareInput, even_split, save_basic, save_costs, save_members, save_projects, start

from .plots import TOPICS, DemoRegion, Plot, Topic
from .regions import Cast, planner_of

ORDER = ("draft", "preconsult", "consent", "ready", "submitted", "bureau_review", "hq_review", "approval", "granted")


class Story:
    """One application from its first day; every step happens on its own day and hour, never later than today."""

    def __init__(self, stage: Cast, plot: Plot, place: DemoRegion, region: Region) -> None:
        self.stage, self.plot, self.place, self.region = stage, plot, place, region
        self.topic: Topic = TOPICS[plot.topic]
        self.call = stage.calls[plot.call]
        self.day = stage.today - timedelta(days=plot.began)
        self.hour = 9
        self.application: Application
        bureau = region.lead_bureau_id
        self.planner = stage.people[planner_of(place.lead)]
        self.approver = stage.people[f"shonin-{place.lead}"]
        self.reviewer = stage.people[f"{bureau}-shinsa"]
        self.head = stage.people[f"{bureau}-kyokucho"]
        self.hq, self.hq_head = stage.people["honcho-shinsa"], stage.people["honcho-kessai"]

    def tell(self) -> Application:
        """Play the story to its end and return the application."""
        self.write()
        until = self.plot.until
        if until == "draft":
            return self.application
        self.consult(close=until != "preconsult")
        if until == "preconsult":
            return self.application
        self.ask_consent(all_but_one=until == "consent")
        if until in ("consent", "ready"):
            return self.application
        self.act(lambda: submissions.submit(application_id=self.pk, viewer=self.approver, document_no=self.letter()))
        if until == "submitted":
            return self.application
        self.act(lambda: reviews.receive(application_id=self.pk, viewer=self.reviewer))
        if until == "withdrawn":
            self.act(
                lambda: submissions.withdraw(
                    application_id=self.pk,
                    viewer=self.approver,
                    reason="構成市町の一部で事業内容の見直しが必要になったため（デモ）。",
                )
            )
            return self.application
        if until in ("returned", "lapsed"):
            self.send_back()
            return self.application
        if until == "bureau_review":
            self.act(
                lambda: reviews.write_note(
                    application_id=self.pk,
                    viewer=self.reviewer,
                    text="前年度までの取組との違いを電話で確認済み。記録は別添のとおり（デモ）。",
                )
            )
            return self.application
        self.forward()
        if until == "hq_review":
            return self.application
        self.finish(until)
        return self.application

    # -- one act on one day ------------------------------------------------------------------------------------------

    @property
    def pk(self) -> int:
        return int(self.application.pk)

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Stand at the next hour of office time; after 16 o'clock the next working day begins."""
        self.hour += 2
        if self.hour > 16:
            self.hour = 10
            self.day += timedelta(days=1)
            while self.day.weekday() > 4:
                self.day += timedelta(days=1)
        self.day = min(self.day, self.stage.today)
        with clock.standing_at(clock.at(self.day, self.hour, 12)):
            yield

    def act(self, step: Callable[[], object]) -> None:
        with self.moment():
            step()
        self.application.refresh_from_db()

    def wait(self, days: int) -> None:
        self.day = min(self.day + timedelta(days=days), self.stage.today)

    def letter(self) -> str:
        """A town's own letter number."""
        return f"企第{100 + self.pk}号"

    # -- the towns ---------------------------------------------------------------------------------------------------

    def write(self) -> None:
        with self.moment():
            self.application = start(call_id=self.call.pk, region_code=self.region.pk, viewer=self.planner)
        self.act(self.write_basic)
        self.act(
            lambda: save_members(
                application_id=self.pk,
                viewer=self.planner,
                revision=None,
                codes=self.place.members,
                lead=self.place.lead,
            )
        )
        self.act(self.write_projects)
        if self.plot.typed:
            self.act(self.delegate)
            self.planner = self.reviewer
        self.act(self.write_costs)

    def delegate(self) -> None:
        delegations.grant(
            viewer=self.approver,
            region_code=self.region.pk,
            from_on=clock.today(),
            to_on=FiscalYear.of(clock.today()).last_day,
            reason="企画担当が一人で、経費の積算に手が回らないため（デモ）。",
        )

    def write_basic(self) -> None:
        year = FiscalYear(self.call.fiscal_year)
        first, last = self.period()
        after = year + 1
        save_basic(
            application_id=self.pk,
            viewer=self.planner,
            revision=None,
            values={
                "title": self.topic.name,
                "purpose": self.topic.purpose,
                "plan": self.topic.outline,
                "start_on": first,
                "end_on": last,
                "other_subsidy": False,
                "cost_sharing_note": "事務局の経費は均等、参加に応じる経費は参加人数の割合で分担する。",
                "self_running_plan": "支援終了後は各市町の負担金により、規模を見直しながら続ける。",
                "declared": True,
            },
            self_running=[
                {"member_id": code, "fiscal_year": after, "funding": "一般財源（負担金）", "amount_yen": 400_000}
                for code in self.place.members
            ],
        )

    def period(self) -> tuple[date, date]:
        """The first and the last day of the work."""
        year = FiscalYear(self.call.fiscal_year)
        if self.plot.start_in is not None:
            first = self.stage.today + timedelta(days=self.plot.start_in)
        elif self.plot.call == "past":
            first = date(year, 7, 1)
        elif self.plot.call == "open":
            first = date(year + 1, 1, 15)
        else:
            first = date(year, 6, 1)
        return first, max(date(year + 1, 2, 26), first + timedelta(days=30))

    def write_projects(self) -> None:
        project = self.project()
        save_projects(
            application_id=self.pk,
            viewer=self.planner,
            revision=None,
            items=[{"project": project.pk, "content": self.topic.outline, "scale": self.topic.scale}],
        )

    def project(self) -> Project:
        return Project.objects.get(region=self.region, name=self.topic.name)

    def write_costs(self) -> None:
        project = self.project()
        costs = [
            {
                "project": project,
                "member_id": self.place.lead,
                "category": category,
                "description": text,
                "quantity": quantity,
                "unit": unit,
                "unit_price_yen": price,
                "amount_yen": quantity * price,
                "eligible_yen": quantity * price,
            }
            for category, text, quantity, unit, price in self.topic.costs
        ]
        total = sum(quantity * price for _, _, quantity, _, price in self.topic.costs)
        grant = self.grant_of(total)
        split = even_split(grant, self.place.members)
        burden = even_split(total - grant, self.place.members)
        save_costs(
            application_id=self.pk,
            viewer=self.planner,
            revision=None,
            costs=costs,
            incomes=[
                {"kind": "burden", "description": "構成市町村の負担金", "amount_yen": total - grant},
            ]
            if total > grant
            else [],
            requested_yen=grant,
            shares=[ShareInput(code, split[code], burden[code]) for code in self.place.members],
        )

    def grant_of(self, cost_yen: int) -> int:
        """What the ruleset gives for this cost in this support year of the region."""
        rules = rules_of(self.call.ruleset)
        supported = SupportYear.objects.filter(region=self.region, program=self.call.program)
        number = support_year(
            years=set(supported.values_list("fiscal_year", flat=True)),
            fiscal_year=self.call.fiscal_year,
            counting=rules.value("year_counting"),
        )
        return grant_yen(
            eligible_yen=cost_yen,
            other_income_yen=0,
            rate=rate_in(rules.value("rate_by_year"), number),
            cap_yen=rules.value("cap_yen"),
            unit_yen=rules.value("rounding_unit"),
        )

    def consult(self, *, close: bool) -> None:
        self.act(
            lambda: preconsultations.ask(
                application_id=self.pk,
                viewer=self.planner,
                points="対象経費の範囲と、指標の置き方について助言をお願いします。",
            )
        )
        if not close:
            return
        self.wait(2)
        self.act(
            lambda: preconsultations.close(
                application_id=self.pk,
                viewer=self.reviewer,
                held_on=clock.today(),
                attendees=f"{self.planner.office.name} 企画担当、{self.reviewer.office.name} 審査担当",
                answers="対象経費は計画どおりでよい。指標は成果を表すものを1つ以上置くこと。",
                next_action="構成市町村の同意を得て提出する。",
            )
        )

    def ask_consent(self, *, all_but_one: bool) -> None:
        self.act(lambda: consents.ask(application_id=self.pk, viewer=self.planner))
        self.wait(3)
        last = self.place.members[-1] if self.place.members[-1] != self.place.lead else self.place.members[0]
        waiting = self.place.lead if all_but_one and self.plot.region == "根室南部" else last
        for number, code in enumerate(self.place.members, 1):
            if all_but_one and code == waiting:
                continue
            self.act(
                partial(
                    consents.agree,
                    application_id=self.pk,
                    viewer=self.stage.people[f"shonin-{code}"],
                    document_no=f"企第{30 + number}号",
                )
            )

    # -- the offices -------------------------------------------------------------------------------------------------

    def send_back(self) -> None:
        lapsing = self.plot.until == "lapsed"
        due_on = self.day + timedelta(days=10) if lapsing else self.stage.today + timedelta(days=5)
        self.act(
            lambda: reviews.send_back_to_town(
                application_id=self.pk,
                viewer=self.reviewer,
                due_on=due_on,
                message="お忙しいところ恐れ入りますが、次の点の補正をお願いします。",
                items=[
                    reviews.ItemInput("costs", "委託料の積算の内訳（人件費・直接経費）を内容欄に記入してください。"),
                    reviews.ItemInput("kpi", "指標のデータの出所を、集計する資料の名前で記入してください。"),
                ],
            )
        )
        if not lapsing:
            self.entrust()
            return
        self.day, self.hour = due_on + timedelta(days=1), 9
        with self.moment():
            due.run_due(clock.today())
        self.day = self.day + timedelta(days=8)
        self.act(
            lambda: due.lapse(application_id=self.pk, viewer=self.head, reason="督促後も再提出がなかったため（デモ）。")
        )

    def entrust(self) -> None:
        """The planner asks the field officers of the lead to mend the initiatives."""
        officers = [officer.user_id for officer in field_officers(self.place.lead)]
        chosen = {item.pk: officers for item in self.application.items.all()}
        self.act(lambda: fieldwork.assign(application_id=self.pk, viewer=self.planner, chosen=chosen))

    def judge_open(self, viewer: Viewer, stage: Stage) -> None:
        """Record a judgement on every question that is open for this stage."""
        verdict = latest_verdict(Application.objects.get(pk=self.pk))
        for finding in verdict.open_for(stage) if verdict else ():
            self.act(
                partial(
                    reviews.judge_rule,
                    application_id=self.pk,
                    viewer=viewer,
                    rule=finding.rule,
                    holds=True,
                    reason=f"提出書類と事前協議の記録により、「{finding.title}」を満たすと判断した（デモ）。",
                )
            )

    def forward(self) -> None:
        self.judge_open(self.reviewer, Stage.BUREAU)
        refusing = self.plot.until == "refused"
        self.act(
            lambda: reviews.write_opinion(
                application_id=self.pk,
                viewer=self.reviewer,
                priority="against" if refusing else "normal",
                text="取組の内容が既存の研修と重なり、新たな効果が見込めない（デモ）。"
                if refusing
                else "必要性・効果とも認められ、採択が適当である（デモ）。",
                proposed_yen=None if refusing else self.application.requested_yen,
            )
        )
        self.act(lambda: reviews.forward(application_id=self.pk, viewer=self.head))

    def finish(self, until: str) -> None:
        self.judge_open(self.hq, Stage.HQ)
        self.act(
            lambda: reviews.write_opinion(
                application_id=self.pk,
                viewer=self.hq,
                text="振興局の意見のとおりで支障ない（デモ）。",
                priority="against" if until in ("refused", "not_selected") else "normal",
            )
        )
        if until == "selected":
            amount = self.application.requested_yen
            self.act(
                lambda: approvals.select(
                    application_id=self.pk,
                    viewer=self.hq_head,
                    amount_yen=amount,
                    apply_by=self.stage.today + timedelta(days=45),
                )
            )
            return
        if until == "not_selected":
            self.act(
                lambda: approvals.not_select(
                    application_id=self.pk,
                    viewer=self.hq_head,
                    reason="同じ圏域で実施中の取組と内容が重なるため、先に既存の取組への参加を検討されたい（デモ）。",
                )
            )
            return
        refusing = until == "refused"
        amount = self.application.requested_yen
        self.act(
            lambda: approvals.draft(
                application_id=self.pk,
                viewer=self.reviewer,
                act="refuse" if refusing else "grant",
                plan="既に実施している合同研修と内容が重なり、新たな取組と認められないため（デモ）。"
                if refusing
                else f"審査の結果、要件を満たすので、{show_yen(amount)}円を交付することとしたい。",
                amount_yen=None if refusing else amount,
                concurring=self.asked_to_agree() if until == "approval" else (),
            )
        )
        if until != "approval":
            self.act(lambda: approvals.decide(application_id=self.pk, viewer=self.head))

    def asked_to_agree(self) -> list[str]:
        """The sections whose 合議 the standing draft waits for: another department and accounting."""
        return [section.key for section in departments(self.region.prefecture_id)]
