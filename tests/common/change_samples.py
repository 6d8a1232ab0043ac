"""Samples and hard cases of the papers of a running grant that changes: 変更, 中止・廃止, 遅延."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from subsidies.papers.schema import changes as schema
from subsidies.papers.schema.shared import Reference

from . import hard_samples, samples

DECIDED = Reference("後地政第204号指令", date(2024, 5, 10))
ASKED = Reference("京総第231号", date(2024, 10, 18))
Figure = schema.Figure


def _rows(*lines: tuple[str, tuple[int | None, int | None], tuple[int | None, int | None]]) -> tuple[Any, ...]:
    return tuple(schema.FigureRow(label, (Figure(*first), Figure(*second))) for label, first, second in lines)


COSTS = schema.FigureTable(
    "経費の配分",
    ("事業費", "うち交付対象経費"),
    _rows(
        ("旅費", (870_000, 520_000), (870_000, 520_000)),
        ("役務費", (None, 300_000), (None, 280_000)),
        ("委託料", (7_770_000, 7_276_000), (7_770_000, 7_276_000)),
    ),
    _rows(("計", (8_640_000, 8_096_000), (8_640_000, 8_076_000)))[0],
)
INCOMES = schema.FigureTable(
    "収入",
    ("金額",),
    (
        schema.FigureRow("交付金", (Figure(8_640_000, 8_076_000),)),
        schema.FigureRow("負担金（構成町村の負担金）", (Figure(None, 20_000),)),
    ),
    schema.FigureRow("計", (Figure(8_640_000, 8_096_000),)),
)
SHARES = schema.FigureTable(
    "市町村別の内訳",
    ("交付金の配分", "負担額"),
    _rows(
        ("京極町", (4_440_000, 4_150_000), (0, 10_000)),
        ("余市町", (4_200_000, 3_926_000), (0, 10_000)),
    ),
    _rows(("計", (8_640_000, 8_076_000), (0, 20_000)))[0],
)
TERMS = (
    schema.Term("事業の期間", "令和6年5月10日から令和7年2月28日まで", "令和6年5月10日から令和7年3月20日まで"),
    schema.Term("構成", "京極町、余市町、泊村", "京極町、余市町"),
    schema.Term("泊村の加入・脱退", "－", "令和6年11月30日脱退"),
)
CONSENTS = (
    schema.Agreed("余市町", date(2024, 10, 15), "余企第77号"),
    schema.Agreed("泊村", date(2024, 10, 16), "泊総第41号"),
)


def change_application() -> schema.ChangeApplication:
    return schema.ChangeApplication(
        head=replace(samples.form("変更承認申請書", "様式第10号（第9条関係）"), number="京総第231号"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        region=samples.REGION,
        title=samples.TRAINING.name,
        decision=DECIDED,
        effective_on=date(2024, 11, 1),
        reason="後期研修の一部をオンラインで行うこととし、旅費を減らして配信の費用を加えるため。",
        grant=Figure(8_640_000, 8_076_000),
        terms=TERMS,
        costs=COSTS,
        incomes=INCOMES,
        shares=SHARES,
        consents=CONSENTS,
        outlook="年度内に後期研修を終える。",
    )


def change_approval() -> schema.ChangeApproval:
    return schema.ChangeApproval(
        head=samples.letter("変更交付決定通知書", "様式第11号（第9条関係）"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        title=samples.TRAINING.name,
        application=ASKED,
        decision=DECIDED,
        grant=Figure(8_640_000, 8_076_000),
        effective_on=date(2024, 11, 1),
        start_on=date(2024, 5, 10),
        end_on=date(2025, 3, 20),
        terms=TERMS,
        costs=COSTS,
        shares=SHARES,
        note="配信の記録を実績報告に添付すること。",
    )


def stop_application(act: str = "中止") -> schema.StopApplication:
    return schema.StopApplication(
        head=replace(samples.form(f"{act}承認申請書", "様式第13号（第9条関係）"), number="京総第250号"),
        act=act,
        grant_name=samples.GRANT,
        fiscal_year=2024,
        region=samples.REGION,
        title=samples.TRAINING.name,
        decision=DECIDED,
        granted_yen=8_640_000,
        paid_yen=4_000_000,
        effective_on=date(2024, 12, 1),
        reason="大雪により会場の公民館が使えなくなったため。",
        work_done="前期研修を終え、63人が修了した。",
        spent_yen=3_412_300,
        outlook="令和7年2月に会場が直り次第、再開する。",
    )


def stop_approval(act: str = "中止") -> schema.StopApproval:
    return schema.StopApproval(
        head=samples.letter(f"{act}承認通知書", "様式第14号（第9条関係）"),
        act=act,
        grant_name=samples.GRANT,
        fiscal_year=2024,
        title=samples.TRAINING.name,
        application=Reference("京総第250号", date(2024, 11, 22)),
        decision=DECIDED,
        granted_yen=8_640_000,
        effective_on=date(2024, 12, 1),
        report_due_on=date(2024, 12, 31) if act == "廃止" else None,
    )


def delay_report() -> schema.DelayReport:
    return schema.DelayReport(
        head=replace(samples.form("遅延等報告書", "様式第15号（第10条関係）"), number="京総第262号"),
        grant_name=samples.GRANT,
        fiscal_year=2024,
        region=samples.REGION,
        title=samples.TRAINING.name,
        decision=DECIDED,
        granted_yen=8_640_000,
        start_on=date(2024, 5, 10),
        old_end_on=date(2025, 2, 28),
        new_end_on=date(2025, 6, 30),
        reason="講師の派遣元の都合により、後期研修の日程を改める必要があるため。",
        work_done="前期研修を終えた。",
        outlook="5月と6月に後期研修を行う。",
        spent_yen=3_412_300,
        carries_over=True,
    )


SAMPLES: dict[str, Callable[[], Any]] = {
    "D-11": change_application,
    "D-12": change_approval,
    "D-13": stop_application,
    "D-14": stop_approval,
    "D-15b": delay_report,
}


def many_towns() -> schema.FigureTable:
    """Every town of the region, thrice over: more than a page of shares, with amounts of ten digits."""
    lines = [
        (f"{name}（その{turn}）", (9_999_999_999, 0 if turn == 2 else 1), (None, 12_345 * turn))
        for turn in range(1, 4)
        for name, *_ in samples.SHIRIBESHI
    ]
    total = _rows(("計", (51 * 9_999_999_999, 34), (0, 12_345 * 6 * 17)))[0]
    return schema.FigureTable("市町村別の内訳", ("交付金の配分", "負担額"), _rows(*lines), total)


def long_change() -> schema.ChangeApplication:
    """Long words, fifty-one lines of shares, names with rare characters, a consent without day and number."""
    terms = (schema.Term("事業の内容", samples.LONG, f"{hard_samples.NAME}\n{samples.LONG}"),) * 2
    return replace(
        change_application(),
        title=hard_samples.LONG_NAME,
        reason=samples.LONG,
        terms=terms,
        shares=many_towns(),
        consents=tuple(schema.Agreed(name, None, "") for name, *_ in samples.SHIRIBESHI),
    )


HARD: dict[str, Callable[[], Any]] = {
    "D-11": long_change,
    "D-12": lambda: replace(
        change_approval(),
        title=hard_samples.LONG_NAME,
        grant=Figure(8_640_000, 8_640_000),
        terms=(),
        shares=many_towns(),
        note=samples.LONG,
    ),
    "D-13": lambda: replace(
        stop_application("廃止"), reason=samples.LONG, work_done=samples.LONG, outlook="", paid_yen=0, spent_yen=0
    ),
    "D-14": lambda: replace(stop_approval("廃止"), title=hard_samples.LONG_NAME, note=samples.LONG),
    "D-15b": lambda: replace(
        delay_report(), reason=samples.LONG, work_done="", outlook=samples.LONG, spent_yen=None, carries_over=False
    ),
}
