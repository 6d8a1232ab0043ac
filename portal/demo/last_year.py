"""Grants whose work is over: two of last year down to the closed file, five small ones of this year on the way there.

Told through the services, each act on its own day. Regions, initiatives and amounts are made up; the members are real.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from common import clock
from common.documents import ensure_pdf
from common.models import DocumentIssue
from common.viewer import Viewer
from regions.models import Region
from subsidies.models import Application, Call, Payment, RuleSetVersion
from subsidies.papers_access import SUBJECT
from subsidies.services import calls, completion, due, payments, progress, settlements
from subsidies.services.completion import CaseInput, CostInput, IncomeInput, ReportDraft
from subsidies.services.drafts import even_split
from subsidies.settling import reckon, sums_of

from .plots import DemoRegion, Plot
from .regions import Cast
from .stories import Story

REGIONS = (
    DemoRegion("根室別海", ("012238", "016918"), "012238", name="根室・別海共同事務連携地域（デモ）"),
    DemoRegion("根室別海標津", ("012238", "016918", "016934"), "012238", name="根室・別海・標津連携地域（デモ）"),
    DemoRegion("根室羅臼", ("012238", "016942"), "012238", name="根室・羅臼連携地域（デモ）"),
    DemoRegion("長沼由仁", ("014273", "014281"), "014281", name="長沼・由仁連携地域（デモ）"),
    DemoRegion("長沼南幌", ("014231", "014281"), "014281", name="長沼・南幌連携地域（デモ）"),
)
AS_OF = date(2026, 9, 30)
OPENS, CLOSES = date(2025, 10, 30), date(2025, 11, 28)
ALLOTMENTS_YEN = {"sorachi": 10_000_000, "nemuro": 10_000_000}  # made up


@dataclass(frozen=True)
class Life:
    """One grant: when it was written, when the work ran, what it cost by line (whole yen), and where it stands."""

    call: str
    region: str
    topic: str
    began: date
    period: tuple[date, date]
    finished: date
    actual_yen: tuple[int, ...]
    until: str
    fee_yen: int = 0
    advance_yen: int = 0
    notes: Sequence[str] = ("", "")


LIVES = (
    Life("last", "根室別海", "roads", date(2025, 10, 31), (date(2026, 1, 7), date(2026, 2, 27)), date(2026, 2, 25),
         (1_380_000, 162_000), "closed", advance_yen=600_000, notes=("", "会議1回をオンラインにしたため。")),
    Life("last", "長沼由仁", "roads", date(2025, 11, 4), (date(2026, 1, 13), date(2026, 3, 13)), date(2026, 3, 10),
         (1_380_000, 171_000), "settled", notes=("", "会議1回に1人が欠席したため。")),
    Life("past", "根室別海", "library", date(2026, 5, 7), (date(2026, 7, 1), date(2026, 9, 30)), date(2026, 9, 25),
         (660_000, 540_000), "fixed", fee_yen=42_000, advance_yen=400_000),
    Life("past", "根室別海標津", "roads", date(2026, 5, 8), (date(2026, 7, 1), date(2026, 10, 9)), date(2026, 10, 5),
         (1_298_000, 180_000), "reported", notes=("読取りの対象が4路線減ったため。", "")),
    Life("past", "根室羅臼", "library", date(2026, 5, 11), (date(2026, 7, 1), date(2026, 9, 30)), date(2026, 9, 28),
         (660_000, 540_000), "inspected"),
    Life("past", "長沼由仁", "roads", date(2026, 5, 12), (date(2026, 7, 1), date(2026, 10, 2)), date(2026, 10, 1),
         (1_380_000, 225_000), "report_returned", notes=("", "会議を1回増やしたため。")),
    Life("past", "長沼南幌", "library", date(2026, 5, 13), (date(2026, 7, 1), date(2026, 10, 9)), date(2026, 10, 7),
         (), "report_overdue"),
)  # fmt: skip


def last_years_call(ruleset: RuleSetVersion, people: Mapping[str, Viewer]) -> Call:
    """Open the second round of 令和7年度, a few weeks in autumn."""
    with clock.standing_at(clock.at(OPENS - timedelta(days=7))):
        call = calls.prepare_call(
            viewer=people["honcho-shinsa"],
            values=calls.CallInput(
                ruleset_id=ruleset.pk,
                fiscal_year=2025,
                phases=Call.Phases.GRANT_ONLY,
                opens_on=OPENS,
                closes_on=CLOSES,
                series_id=str(ruleset.content["parameters"]["series"]["value"]),
                decision_expected_on=CLOSES + timedelta(days=30),
                required_documents=("見積書",),
                number_prefix="次期R7",
            ),
        )
        calls.allot(call_id=call.pk, viewer=people["honcho-shinsa"], amounts=ALLOTMENTS_YEN)
        calls.open_call(call_id=call.pk, viewer=people["honcho-kessai"])
    return Call.objects.get(pk=call.pk)


def topics_of(region: str) -> list[str]:
    """Which initiatives a region of these lives needs."""
    return sorted({life.topic for life in LIVES if life.region == region})


def tell_progress(stage: Cast, region: Region) -> None:
    """The running grant of 根室連携地域 reported in October how it stood at the end of September."""
    running = Application.objects.get(region=region, state="running")
    planner, reviewer = stage.people["nemuro-kikaku"], stage.people["nemuro-shinsa"]
    by: dict[str, Any] = {"application_id": running.pk, "as_of": AS_OF}
    with clock.standing_at(clock.at(AS_OF + timedelta(days=7))):
        report = progress.begin(**by, viewer=planner)
        draft = progress.ProgressDraft(
            problems="冬の訓練の会場がまだ決まっていない（デモ）。",
            outlook="12月に2回目の訓練を行い、2月に手引きを完成させる（デモ）。",
            document_no="企第188号",
            items={
                item: progress.ItemInput(55, "夏の訓練を1回、研修を2回行った（デモ）。")
                for item in report.items.values_list("item", flat=True)
            },
            spent={row.category: row.planned_yen // 2 for row in report.spent.all()},
        )
        progress.save_progress(**by, draft=draft, revision=1, viewer=planner)
        progress.submit(**by, viewer=stage.people["shonin-012238"])
    with clock.standing_at(clock.at(AS_OF + timedelta(days=12))):
        words = "計画に沿って進んでいることを確認しました（デモ）。"
        progress.accept(**by, comment=words, viewer=reviewer)


def tell_lives(stage: Cast, made: Mapping[str, Region]) -> None:
    """Tell every grant's life, then close last year's call."""
    places = {place.key: place for place in REGIONS}
    for life in LIVES:
        Afterwards(stage, life, places[life.region], made[life.region]).tell()
    with clock.standing_at(clock.at(CLOSES + timedelta(days=1))):
        calls.close_call(call_id=stage.calls["last"].pk, viewer=stage.people["honcho-kessai"])


class Afterwards(Story):
    """A story that goes on after the decision."""

    def __init__(self, stage: Cast, life: Life, place: DemoRegion, region: Region) -> None:
        plot = Plot(life.call, life.region, life.topic, "granted", (stage.today - life.began).days)
        super().__init__(stage, plot, place, region)
        self.life = life
        self.accountant = stage.people["suito"]

    def period(self) -> tuple[date, date]:
        return self.life.period

    def tell(self) -> Application:
        super().tell()
        self.on(self.life.period[0])
        self.act(lambda: due.begin(application_id=self.pk, on=clock.today()))
        if self.life.advance_yen:
            self.pay(Payment.Kind.ADVANCE, self.life.advance_yen, "研修の会場費と利用料の前払に充てるため。")
        self.on(self.life.finished + timedelta(days=1))
        self.act(
            lambda: completion.complete(application_id=self.pk, finished_on=self.life.finished, viewer=self.planner)
        )
        if self.life.until == "report_overdue":
            return self.application
        self.report()
        self.check()
        return self.application

    def on(self, day: date) -> None:
        self.day, self.hour = min(day, self.stage.today), 9

    # -- the towns ---------------------------------------------------------------------------------------------------

    def report(self) -> None:
        self.wait(6)
        draft = self.draft()
        by: dict[str, Any] = {"application_id": self.pk, "viewer": self.planner}
        self.act(lambda: completion.save_report(**by, draft=draft, revision=1))
        sums = sums_of(self.application.report)
        due_yen = reckon(
            self.application, eligible_yen=sums.eligible_yen, other_income_yen=sums.other_income_yen
        ).result.fixed_yen
        shared = replace(draft, shares=even_split(due_yen, self.place.members))
        self.act(lambda: completion.save_report(**by, draft=shared, revision=2))
        self.act(lambda: completion.submit(application_id=self.pk, viewer=self.approver))

    def draft(self) -> ReportDraft:
        costs = {
            number: CostInput(yen, yen, note, f"領収書{number}")
            for number, (yen, note) in enumerate(zip(self.life.actual_yen, self.life.notes, strict=True), 1)
        }
        incomes = [
            IncomeInput(line.number, line.kind, line.description, line.amount_yen)
            for line in self.application.incomes.all()
        ]
        if self.life.fee_yen:
            incomes.append(IncomeInput(len(incomes) + 1, "fee", "利用登録料", self.life.fee_yen))
        name, unit, base, target = self.topic.kpi
        return ReportDraft(
            work_done=f"{self.topic.outline}計画した{self.topic.scale}を実施した（デモ）。",
            effect=f"「{name}」が{base}{unit}から目標の{target:,}{unit}へ近づいた。担当者どうしの相談も増えた（デモ）。",
            problems="担当者の異動の時期に作業が重なった（デモ）。",
            outlook="来年度は利用の少ない地区で説明会を開く（デモ）。",
            document_no=self.letter(),
            cases={
                self.project().pk: CaseInput(
                    f"{self.topic.name.removesuffix('（デモ）')}の進め方",
                    f"{self.topic.scale}。電話での問合せが月に30件から12件に減った（デモ）。",
                    sum(self.life.actual_yen),
                    "様式の違いをそろえるのに時間がかかった。先に1つの市町で試してから広げた（デモ）。",
                )
            },
            costs=costs,
            incomes=incomes,
        )

    # -- the offices -------------------------------------------------------------------------------------------------

    def check(self) -> None:
        until = self.life.until
        if until == "reported":
            return
        self.wait(7)
        if until == "report_returned":
            self.act(
                lambda: completion.send_back(
                    application_id=self.pk,
                    items=[
                        "旅費の領収書のうち、会議を増やした回の出席者名簿を添付してください。",
                        "「事業の効果」に、電子化した路線の割合の実績値を書いてください。",
                    ],
                    due_on=self.stage.today + timedelta(days=6),
                    viewer=self.reviewer,
                )
            )
            return
        self.act(self.inspect)
        if until == "inspected":
            return
        self.wait(4)
        self.act(lambda: settlements.fix(application_id=self.pk, viewer=self.head))
        if until == "fixed":
            return
        self.pay(Payment.Kind.FINAL, self.left_to_pay(), "")
        self.act(lambda: settlements.settle(application_id=self.pk, viewer=self.accountant))
        if until == "closed":
            self.wait(5)
            self.act(self.close)

    def inspect(self) -> None:
        texts = ("実績報告書と証拠書類の金額が一致している。", "事業が交付決定の内容のとおり実施されている。",
                 "帳簿と証拠書類が保管されている。")  # fmt: skip
        settlements.inspect(
            application_id=self.pk,
            method="desk",
            held_on=clock.today(),
            checks=[{"text": text, "ok": True, "note": ""} for text in texts],
            sampled=[line.cost.number for line in self.application.report.costs.select_related("cost")],
            findings="計画に沿って実施されており、指摘する事項はない（デモ）。",
            viewer=self.reviewer,
        )

    def left_to_pay(self) -> int:
        return int(self.application.settlements.get(superseded_by=None).to_pay_yen)

    def pay(self, kind: str, amount_yen: int, reason: str) -> None:
        """Claim, approve and pay, each on its own day."""
        ask: dict[str, Any] = {"application_id": self.pk}
        self.act(
            lambda: payments.claim(
                **ask, kind=kind, amount_yen=amount_yen, reason=reason, document_no=self.letter(),
                viewer=self.approver,
            )
        )  # fmt: skip
        number = self.application.payments.order_by("-number").values_list("number", flat=True)[0]
        self.act(lambda: payments.approve(**ask, number=number, viewer=self.head))
        self.wait(5)
        self.act(lambda: payments.record_paid(**ask, number=number, paid_on=clock.today(), viewer=self.accountant))

    def close(self) -> None:
        """A file is closed with every paper drawn."""
        papers = DocumentIssue.objects.filter(subject_type=SUBJECT, subject_id=str(self.pk), pdf="")
        for paper in papers:
            ensure_pdf(paper)
        settlements.close(application_id=self.pk, viewer=self.reviewer)
