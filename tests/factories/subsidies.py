"""Programs from `fixtures/programs`, calls, and applications told through the services up to any state.

scene = Scene()                         # 長沼町, 由仁町, 栗山町 under 空知: everything a region needs to apply
application = scene.application("ready")
consents.agree(application_id=application.pk, viewer=scene.approver("014273"))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory

from common import clock
from common.viewer import Duty, Viewer
from municipalities.models import DataSource, Municipality, PopulationFigure, PopulationSeries
from regions.models import ConferenceMeeting, Field, ForwardPlan, ForwardPlanRegion, Kpi, KpiTarget, Project, Region
from subsidies import load
from subsidies.judging import latest_verdict
from subsidies.models import Application, Call, CallAllotment, Delegation, Program, RuleSetVersion
from subsidies.rules.ruleset import Stage, parse
from subsidies.services import (
    approvals,
    completion,
    consents,
    drafts,
    due,
    preconsultations,
    progress,
    reviews,
    settlements,
    submissions,
)  # fmt: skip
from subsidies.settling import reckon, sums_of
from tests.viewers import saved, viewer

from .municipalities import BureauFactory, MunicipalityFactory, PrefectureFactory, touch
from .regions import (
    AgreementFactory,
    FieldFactory,
    ForwardPlanFactory,
    NationalZoneFactory,
    ProjectFactory,
    RegionFactory,
    VisionFactory,
)

SERIES = {
    "ipss_h25": ("平成25年3月推計", 2010),
    "ipss_h30": ("平成30年推計", 2015),
    "ipss_r5": ("令和5年推計", 2020),
}
PATH = ("draft", "preconsult", "consulted", "consent", "ready", "submitted", "bureau_review", "hq_review", "approval",
        "granted", "running", "report_due", "reported", "inspected", "fixed")  # fmt: skip


class PopulationSeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PopulationSeries
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = "ipss_r5"
    kind = PopulationSeries.Kind.PROJECTION
    name = factory.LazyAttribute(lambda row: SERIES[row.code][0])
    base_year = factory.LazyAttribute(lambda row: SERIES[row.code][1])
    publisher = "国立社会保障・人口問題研究所"
    source = factory.LazyAttribute(lambda row: _source())


class ProgramFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Program
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = "successor"
    prefecture = factory.SubFactory(PrefectureFactory)
    name = factory.LazyAttribute(lambda row: load.read(row.code)["name"])
    short_name = factory.LazyAttribute(lambda row: load.read(row.code)["about"]["short_name"])
    order = factory.LazyAttribute(lambda row: load.read(row.code)["about"]["order"])


class RuleSetVersionFactory(factory.django.DjangoModelFactory):
    """The published first version from the fixture; `parameters={"cap_yen": 5_000_000}` changes numbers."""

    class Meta:
        model = RuleSetVersion
        skip_postgeneration_save = True
        django_get_or_create = ("program", "version")

    class Params:
        parameters: dict[str, Any] = {}

    program = factory.SubFactory(ProgramFactory)
    version = 1
    state = RuleSetVersion.State.PUBLISHED
    published_at = factory.LazyFunction(lambda: clock.at(date(2015, 4, 1)))
    content = factory.LazyAttribute(lambda row: ruleset_content(row.program.code, row.parameters))
    effective_from_fy = factory.LazyAttribute(lambda row: load.read(row.program.code)["about"]["effective_from_fy"])


class CallFactory(factory.django.DjangoModelFactory):
    """Open now, only the formal application; every bureau named in `budgets` has its allotment (whole yen)."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    ruleset = factory.SubFactory(RuleSetVersionFactory)
    program = factory.LazyAttribute(lambda row: row.ruleset.program)
    fiscal_year = 2026
    round = factory.LazyAttribute(lambda row: 1 + Call.objects.filter(program=row.program).count())
    state = Call.State.OPEN
    opens_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=40))
    closes_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=20))
    decision_expected_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=40))
    series = factory.SubFactory(PopulationSeriesFactory)

    @factory.post_generation
    def budgets(self: Call, create: bool, extracted: dict[str, int] | None, **kwargs: Any) -> None:
        for bureau, amount in (extracted or {}).items():
            CallAllotment.objects.create(call=self, bureau_id=bureau, amount_yen=amount)


class DelegationFactory(factory.django.DjangoModelFactory):
    """長沼町 lets 空知 type all drafts that it leads, from today on for thirty days."""

    class Meta:
        model = Delegation
        skip_postgeneration_save = True

    municipality = factory.LazyFunction(lambda: MunicipalityFactory(code="014281", name="長沼町"))
    bureau = factory.LazyFunction(lambda: BureauFactory(code="sorachi", name="空知総合振興局"))
    from_on = factory.LazyFunction(clock.today)
    to_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=30))
    reason = "担当者が一人のため"
    granted_at = factory.LazyFunction(clock.now)
    granted_by_id = factory.LazyAttribute(lambda row: saved(viewer(Duty.MA, municipality=row.municipality.pk)).user_id)
    granted_who = "長沼町 承認者"


def ruleset_content(code: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    """The rules of the fixture as the database keeps them, with some numbers changed."""
    content = load.read(code)
    content.pop("about")
    for name, value in (parameters or {}).items():
        content["parameters"][name] = {"value": value}
    parse(content)
    return content


def people_in(series: str, town: Municipality, base: int, in_2040: int) -> None:
    """Give a municipality its projected population in the base year and 2040."""
    edition = PopulationSeriesFactory(code=series)
    for year, total in ((edition.base_year, base), (2040, in_2040)):
        PopulationFigure.objects.create(series=edition, municipality=town, year=year, total=total)


def _source() -> DataSource:
    source, _ = DataSource.objects.get_or_create(
        code="test", defaults={"title": "試験", "publisher": "試験", "licence": "なし", "credit": "試験"}
    )
    return source


@dataclass
class Scene:
    """A region with everything it needs to apply, an open call, and a person for every part.

    長沼町 leads, 由仁町 and 栗山町 take part, all blank and touching, under 空知. `towns` are (code, name).
    """

    towns: Sequence[tuple[str, str]] = (("014281", "長沼町"), ("014273", "由仁町"), ("014290", "栗山町"))
    call: Call = field(default_factory=lambda: CallFactory())
    budget_yen: int = 50_000_000

    def __post_init__(self) -> None:
        self.bureau = BureauFactory(code="sorachi", name="空知総合振興局", symbol="空地政")
        self.members = [MunicipalityFactory(code=code, name=name, bureau=self.bureau) for code, name in self.towns]
        for one, other in zip(self.members, self.members[1:], strict=False):
            touch(one, other)
        self._declare_a_zone_elsewhere()
        for town in self.members:
            people_in("ipss_r5", town, 10_000, 7_000)
        self.field: Field = FieldFactory(code="staff", name="人材の育成")
        self.region: Region = RegionFactory(members=self.members, lead_bureau=self.bureau, name="長沼・栗山連携地域")
        AgreementFactory(region=self.region, framework=True)
        self.project: Project = self.add_project("新規採用職員の合同研修")
        VisionFactory(region=self.region, term_to_fy=2029, projects=[self.project])
        plan = ForwardPlan.objects.filter(bureau=self.bureau).first()
        if plan is None:
            ForwardPlanFactory(bureau=self.bureau, term_to_fy=2029, regions=[self.region])
        else:
            ForwardPlanRegion.objects.create(plan=plan, region=self.region)
        held_on = clock.today() - timedelta(days=30)
        ConferenceMeeting.objects.create(
            bureau=self.bureau, title="広域連携検討会議", planned_on=held_on, held_on=held_on, state="held"
        )
        CallAllotment.objects.get_or_create(
            call=self.call, bureau=self.bureau, defaults={"amount_yen": self.budget_yen}
        )

    def _declare_a_zone_elsewhere(self) -> None:
        """Some zone has long been known in the prefecture, so that no zone means 空白地域 and not NO_DATA."""
        hub = MunicipalityFactory(
            code="012076", name="帯広市", bureau=BureauFactory(code="tokachi", name="十勝総合振興局")
        )
        NationalZoneFactory(hubs=[hub], since=date(2011, 7, 7))

    def add_project(self, name: str) -> Project:
        """An initiative of the region with a full outcome KPI."""
        project: Project = ProjectFactory(
            region=self.region, name=name, main_field=self.field, secretariat=self.members[0], from_fy=2026
        )
        kpi = Kpi.objects.create(
            project=project,
            number=1,
            name="研修を修了した職員の数",
            unit="人",
            baseline=Decimal(0),
            baseline_fy=2025,
            target=Decimal(150),
            qualifier="at_least",
            target_fy=2029,
            data_source="各町の研修記録",
        )
        KpiTarget.objects.bulk_create(
            KpiTarget(kpi=kpi, fiscal_year=year, value=Decimal(40 * n)) for n, year in enumerate(range(2026, 2030), 1)
        )
        return project

    # -- people ------------------------------------------------------------------------------------------------------

    def planner(self, code: str = "") -> Viewer:
        return self._person(Duty.MP, municipality=code or self.members[0].code)

    def approver(self, code: str = "") -> Viewer:
        return self._person(Duty.MA, municipality=code or self.members[0].code)

    def field_officer(self, code: str = "") -> Viewer:
        return self._person(Duty.MF, municipality=code or self.members[0].code)

    def reviewer(self) -> Viewer:
        return self._person(Duty.BS, bureau=self.bureau.code)

    def head(self) -> Viewer:
        return self._person(Duty.BM, bureau=self.bureau.code)

    def staff(self) -> Viewer:
        return self._person(Duty.HS)

    def decider(self) -> Viewer:
        return self._person(Duty.HM)

    def _person(self, duty: Duty, **office: str) -> Viewer:
        """The same person for the same post, so that a drafter stays the same drafter."""
        key = f"{duty}{office}"
        if key not in self.__dict__.setdefault("_people", {}):
            person = viewer(duty, **office)
            names = {town.code: town.name for town in self.members} | {self.bureau.code: self.bureau.name}
            self.__dict__["_people"][key] = saved(_named(person, names.get(person.office.code, person.office.name)))
        return self.__dict__["_people"][key]

    # -- the application ---------------------------------------------------------------------------------------------

    def application(self, until: str = "draft", *, filled: bool = True, grant_yen: int = 6_000_000) -> Application:
        """Tell an application through the services until it stands there (one of PATH); `filled` writes all steps."""
        application = drafts.start(call_id=self.call.pk, region_code=self.region.pk, viewer=self.planner())
        if filled:
            self.fill(application, grant_yen)
        for step in PATH[1 : PATH.index(until) + 1]:
            getattr(self, f"_{step}")(application)
        application.refresh_from_db()
        return application

    def fill(self, application: Application, grant_yen: int = 6_000_000) -> None:
        """Write every step as a planner would."""
        by = {"application_id": application.pk, "viewer": self.planner(), "revision": None}
        codes = [town.code for town in self.members]
        start_on = (self.call.decision_expected_on or clock.today()) + timedelta(days=1)
        drafts.save_basic(
            **by,
            values={
                "title": "新規採用職員の合同研修",
                "purpose": "専門の研修を単独で開けない町が共同で職員を育て、基幹的な行政サービスを維持する。",
                "plan": "採用3年目までの職員を対象に研修を6回開く。",
                "start_on": start_on,
                "end_on": start_on + timedelta(days=30),
                "other_subsidy": False,
                "cost_sharing_note": "事務局の経費は均等に分担する。",
                "self_running_plan": "支援終了後は各町の負担金で続ける。",
                "declared": True,
            },
            self_running=[
                {
                    "member_id": code,
                    "fiscal_year": self.call.fiscal_year + 1,
                    "funding": "一般財源",
                    "amount_yen": 400_000,
                }
                for code in codes
            ],
        )
        drafts.save_projects(
            **by, items=[{"project": self.project.pk, "content": "合同研修を6回開く。", "scale": "6回、50人"}]
        )
        cost_yen = grant_yen
        drafts.save_costs(
            **by,
            costs=[
                {
                    "category": "commission",
                    "description": "研修の企画運営",
                    "amount_yen": cost_yen,
                    "eligible_yen": cost_yen,
                    "project_id": self.project.pk,
                    "member_id": codes[0],
                    "other_subsidy": False,
                }
            ],
            incomes=[],
            requested_yen=grant_yen,
            shares=[drafts.ShareInput(code, yen, 0) for code, yen in drafts.even_split(grant_yen, codes).items()],
        )

    def _preconsult(self, application: Application) -> None:
        preconsultations.ask(application_id=application.pk, viewer=self.planner(), points="対象経費の範囲について")

    def _consulted(self, application: Application) -> None:
        preconsultations.close(
            application_id=application.pk,
            viewer=self.reviewer(),
            held_on=clock.today(),
            attendees="長沼町、空知総合振興局",
            answers="対象経費は計画どおりでよい。",
        )

    def _consent(self, application: Application) -> None:
        consents.ask(application_id=application.pk, viewer=self.planner())

    def _ready(self, application: Application) -> None:
        for town in self.members:
            consents.agree(application_id=application.pk, viewer=self.approver(town.code), document_no="企第1号")

    def _submitted(self, application: Application) -> None:
        submissions.submit(application_id=application.pk, viewer=self.approver(), document_no="企第100号")

    def _bureau_review(self, application: Application) -> None:
        reviews.receive(application_id=application.pk, viewer=self.reviewer())

    def _hq_review(self, application: Application) -> None:
        self.judge_open(application, self.reviewer(), Stage.BUREAU)
        reviews.write_opinion(
            application_id=application.pk,
            viewer=self.reviewer(),
            priority="normal",
            text="採択が適当である。",
            proposed_yen=Application.objects.get(pk=application.pk).requested_yen,
        )
        reviews.forward(application_id=application.pk, viewer=self.head())

    def _approval(self, application: Application) -> None:
        self.judge_open(application, self.staff(), Stage.HQ)
        reviews.write_opinion(application_id=application.pk, viewer=self.staff(), text="支障ない。")
        approvals.draft(
            application_id=application.pk,
            viewer=self.reviewer(),
            act="grant",
            plan="審査の結果、要件を満たすので交付することとしたい。",
            amount_yen=Application.objects.get(pk=application.pk).requested_yen,
        )

    def _granted(self, application: Application) -> None:
        approvals.decide(application_id=application.pk, viewer=self.head())

    def _running(self, application: Application) -> None:
        due.run_due(Application.objects.get(pk=application.pk).start_on or clock.today())

    def _report_due(self, application: Application) -> None:
        last = Application.objects.get(pk=application.pk).end_on or clock.today()
        completion.finish(application_id=application.pk, on=last + timedelta(days=1))

    def report(self, application: Application, *, actual_yen: int | None = None, fee_yen: int = 0) -> None:
        """Fill in the report: all costs at `actual_yen` together (the plan's sum without it), fees as other income."""
        one = Application.objects.get(pk=application.pk)
        cost = one.costs.get()
        actual = cost.amount_yen if actual_yen is None else actual_yen
        incomes = [completion.IncomeInput(1, "fee", "参加費", fee_yen)] if fee_yen else []
        draft = completion.ReportDraft(
            work_done="合同研修を6回開いた。",
            effect="48人が受講し、近隣の町で研修を開けるようになった。",
            document_no="企第200号",
            costs={cost.number: completion.CostInput(actual, actual, "", "領1" if actual else "")},
            cases={
                project: completion.CaseInput("合同研修の進め方", "受講者48人", actual, "日程の調整に時間がかかった。")
                for project in one.items.values_list("project", flat=True)
            },
            incomes=incomes,
        )
        by = {"application_id": application.pk, "viewer": self.planner()}
        report = completion.save_report(**by, draft=draft, revision=one.report.revision)
        sums = sums_of(report)
        due_yen = reckon(one, eligible_yen=sums.eligible_yen, other_income_yen=sums.other_income_yen).result.fixed_yen
        shares = drafts.even_split(due_yen, [town.code for town in self.members])
        completion.save_report(**by, draft=replace(draft, shares=shares), revision=report.revision)

    def progress(self, application: Application, as_of: date | None = None) -> None:
        """The towns report how the work stands today, or stood on a day; the approver has submitted it."""
        day = as_of or clock.today()
        Application.objects.filter(pk=application.pk, start_on__gt=day).update(start_on=day - timedelta(days=90))
        by = {"application_id": application.pk, "as_of": day}
        report = progress.begin(**by, viewer=self.planner())
        draft = progress.ProgressDraft(
            outlook="計画どおり終える。",
            items={
                pk: progress.ItemInput(40, "研修を2回開いた。") for pk in report.items.values_list("item", flat=True)
            },
            spent={row.category: row.planned_yen // 2 for row in report.spent.all()},
        )
        progress.save_progress(**by, draft=draft, revision=1, viewer=self.planner())
        progress.submit(**by, viewer=self.approver())

    def _reported(self, application: Application) -> None:
        self.report(application)
        completion.submit(application_id=application.pk, viewer=self.approver())

    def _inspected(self, application: Application) -> None:
        self.inspect(application)

    def inspect(self, application: Application, **amounts: int) -> None:
        """The bureau inspects at its desk and accepts what was reported, or these amounts."""
        settlements.inspect(
            application_id=application.pk, method="desk", held_on=clock.today(), viewer=self.reviewer(),
            checks=[{"text": "証拠書類が揃っている。", "ok": True, "note": ""}], findings="計画どおり実施されている。", **amounts,
        )  # fmt: skip

    def _fixed(self, application: Application) -> None:
        settlements.fix(application_id=application.pk, viewer=self.head())

    def accountant(self) -> Viewer:
        return self._person(Duty.AC)

    def judge_open(self, application: Application, by: Viewer, stage: Stage) -> None:
        """Record a judgement on everything that is open for the stage."""
        verdict = latest_verdict(Application.objects.get(pk=application.pk))
        for finding in verdict.open_for(stage) if verdict else ():
            reviews.judge_rule(
                application_id=application.pk,
                viewer=by,
                rule=finding.rule,
                holds=True,
                reason=f"提出書類と事前協議の記録により、「{finding.title}」を満たすと判断した。",
            )


def _named(person: Viewer, name: str) -> Viewer:
    return replace(person, office=replace(person.office, name=name))
