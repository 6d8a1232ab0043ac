"""Samples and hard cases of the papers after the work: 遂行状況, 督促, 実績報告, 検査調書, 額の確定."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from subsidies.papers.schema import reports as schema
from subsidies.papers.schema.shared import Reference

from . import hard_samples, samples

DECIDED = Reference("後地政第204号指令", date(2024, 5, 10))
KPIS = (
    schema.KpiActual(
        samples.TRAINING.name, "研修を修了した職員（累計）", "人", "72", "75", "190以上", "35.0％", "各町村の記録"
    ),
    schema.KpiActual(samples.TRAINING.name, "研修の満足度", "％", "－", "－", "80以上", "－"),
)


def progress() -> schema.Progress:
    return schema.Progress(
        head=replace(samples.form("遂行状況報告書", "様式第9号（第11条関係）"), number="京総第188号"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        decision=DECIDED,
        title=samples.TRAINING.name,
        amount_yen=8_640_000,
        as_of=date(2024, 9, 30),
        items=(schema.ProgressRow(samples.TRAINING.name, 55, "前期研修を終え、63人が修了した。"),),
        spent=(schema.SpentRow("委託料", 6_000_500, 3_000_000), schema.SpentRow("旅費", 870_000, 412_300)),
        planned_yen=6_870_500,
        spent_yen=3_412_300,
        kpis=KPIS,
        problems="冬の会場がまだ決まっていない。",
        outlook="後期研修を１０月から１２月までに行い、年度内に完了する。",
    )


def reminder() -> schema.Reminder:
    return schema.Reminder(
        head=samples.letter("実績報告書の提出について（督促）", "様式第12号"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        decision=DECIDED,
        finished_on=date(2025, 2, 28),
        due_on=date(2025, 3, 30),
        new_due_on=date(2025, 4, 10),
        text="作成について分からないことがあるときは、早めに御相談ください。",
        contact="後志総合振興局",
    )


def performance() -> schema.Performance:
    cost = schema.ActualCost
    name = samples.TRAINING.name
    return schema.Performance(
        head=replace(samples.form("実績報告書", "様式第11号（第13条関係）"), number="京総第212号"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        decision=DECIDED,
        title=name,
        projects=(samples.TRAINING,),
        start_on=date(2024, 6, 1),
        finished_on=date(2025, 2, 28),
        granted_yen=8_640_000,
        settled_yen=8_096_000,
        settled_difference_yen=-544_000,
        member_word="町村",
        costs=(
            cost(1, "委託料", name, "研修の企画運営", 6_000_500, 6_000_500, 6_000_500, 6_000_000, 0, "", "契約書1、領収書1"),
            cost(2, "旅費", "", "講師旅費", 870_000, 700_000, 643_200, 643_200, -56_800, "１回をオンラインにしたため", "領収書2～9"),
        ),
        granted_cost_yen=6_870_500,
        planned_cost_yen=6_700_500,
        actual_cost_yen=6_643_700,
        cost_difference_yen=-56_800,
        eligible_yen=6_643_200,
        incomes=(schema.ActualIncome("参加費・利用料", "町村外からの受講料", 0, 35_000, 35_000),),
        planned_receipts_yen=8_640_000,
        actual_receipts_yen=8_131_000,
        receipts_difference_yen=-509_000,
        other_income_yen=35_000,
        rate="10/10",
        shares=tuple(
            schema.ActualShare(town, town == "京極町", yen * 1000, yen * 940, -yen * 60)
            for town, _, _, yen in samples.SHIRIBESHI
        ),
        planned_shares_yen=8_640_000,
        shares_difference_yen=-544_000,
        kpis=KPIS,
        work_done="前期・後期の研修を６回開き、６３人が修了した。",
        effect="単独では研修を開けなかった９町村の職員が、専門の研修を受けられた。",
        problems="冬の移動に時間がかかった。",
        outlook="次年度は２回をオンラインで開く。",
        evidence=(
            schema.EvidenceRow(1, "契約書1", "契約書.pdf", "9f86d081884c7d659a2feaa0c55ad015"),
            schema.EvidenceRow(2, "領収書2～9", "旅費の領収書.pdf", "60303ae22b998861bce3b28f33eec1be"),
        ),
        cases=(schema.Case(name, "新規採用職員を１７町村で育てる", "研修を開けた町村が3から17に増えた。", 6_643_700,
                           "日程の調整に時間がかかったため、年間の予定を前の年度に決めた。"),),
    )  # fmt: skip


def inspection() -> schema.InspectionRecord:
    return schema.InspectionRecord(
        head=samples.record("検査調書"),
        program="広域連携加速化事業",
        fiscal_year=2024,
        region=samples.REGION,
        lead="京極町",
        title=samples.TRAINING.name,
        decision=DECIDED,
        method="書面",
        held_on=date(2025, 4, 18),
        inspector="後志総合振興局　デモ 審査担当",
        finished_on=date(2025, 2, 28),
        checks=(
            schema.Check("実績報告書の金額が帳簿及び証拠書類と一致している。", True),
            schema.Check("対象とならない経費が含まれていない。", False, "講師との懇談の飲食費５００円を除いた。"),
        ),
        samples=(schema.Sample(1, "研修の企画運営", "契約書1、領収書1", 6_000_500, 6_000_000),),
        granted_yen=8_640_000,
        reported_eligible_yen=6_643_700,
        eligible_yen=6_643_200,
        reported_income_yen=35_000,
        other_income_yen=35_000,
        rate="10/10",
        reckoned_yen=6_608_000,
        adjustment="飲食費は対象とならないため。",
        findings="計画に沿って実施されており、ほかに指摘する事項はない。",
        result="適でない事項がある",
    )


def fixed() -> schema.FixedAmount:
    return schema.FixedAmount(
        head=replace(samples.letter("額の確定通知書", "様式第13号（第15条関係）"), number="後地政第88号指令"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        decision=DECIDED,
        report=Reference("京総第212号", date(2025, 3, 20)),
        projects=(samples.TRAINING,),
        granted_yen=8_640_000,
        eligible_yen=8_131_500,
        other_income_yen=35_000,
        rate="10/10",
        unit_yen=1_000,
        fixed_yen=8_096_000,
        paid_yen=6_000_000,
        to_pay_yen=2_096_000,
        to_return_yen=0,
        reason="",
        books_years=5,
    )


def long_performance() -> schema.Performance:
    """Forty lines, long words, no evidence, no indicators, no case sheet, nothing besides the grant."""
    costs = tuple(
        schema.ActualCost(
            number + 1, line.category, line.project, line.description, line.amount_yen, line.amount_yen,
            line.amount_yen - number, line.eligible_yen and line.amount_yen - number, -number,
            hard_samples.NAME * 5 if number % 6 == 0 else "", "" if number % 9 == 0 else f"領収書{number}",
        )
        for number, line in enumerate(hard_samples.FORTY)
    )  # fmt: skip
    return replace(
        performance(), title=hard_samples.LONG_NAME, costs=costs, kpis=(), evidence=(), cases=(), incomes=(),
        work_done=samples.LONG, effect=samples.LONG, problems="", outlook="",
    )  # fmt: skip


SAMPLES: dict[str, Callable[[], Any]] = {
    "D-15": progress,
    "D-16": reminder,
    "D-18": performance,
    "D-19": inspection,
    "D-20": fixed,
}
HARD: dict[str, Callable[[], Any]] = {
    "D-15": lambda: replace(
        progress(), title=hard_samples.LONG_NAME, problems="", outlook=samples.LONG, kpis=(),
        items=tuple(schema.ProgressRow(hard_samples.LONG_NAME, 100, samples.LONG) for _ in range(3)),
    ),
    "D-16": lambda: replace(reminder(), text="", contact=hard_samples.NAME, decision=replace(DECIDED, number="")),
    "D-18": long_performance,
    "D-19": lambda: replace(
        inspection(), samples=(), adjustment="", findings="", title=hard_samples.LONG_NAME, result="適",
        checks=tuple(schema.Check(samples.PURPOSE, True, hard_samples.NAME) for _ in range(12)),
    ),
    "D-20": lambda: replace(
        fixed(), fixed_yen=0, paid_yen=6_000_000, to_pay_yen=0, to_return_yen=6_000_000, reason=samples.LONG,
        books_years=None, report=Reference("", date(2025, 3, 20)),
    ),
}  # fmt: skip
