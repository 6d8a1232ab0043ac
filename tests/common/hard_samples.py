"""The hard cases of the field: long texts, many rows, nothing, unusual characters of names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from subsidies.papers import schema

from . import samples

NAME = "髙﨑①㈱邉齋"
LONG_NAME = "新十津川町・奈井江町・上砂川町・浦臼町・雨竜町ほか空知管内十七市町における広域的な公共施設の共同利用及び人材育成の推進に関する取組"
FORTY = tuple(
    schema.Cost(
        category=("報償費", "旅費", "需用費", "役務費", "委託料", "使用料", "備品購入費", "負担金")[i % 8],
        project=LONG_NAME if i % 7 == 0 else "合同研修",
        description=f"{NAME}への支払（その{i + 1}）" if i % 5 == 0 else f"研修の費用（その{i + 1}）",
        estimate="" if i % 3 else f"{i + 1}回×12,345円",
        amount_yen=12_345 * (i + 1),
        eligible_yen=0 if i == 39 else 12_345 * (i + 1),
    )
    for i in range(40)
)
TOTAL = sum(line.amount_yen for line in FORTY)
ELIGIBLE = sum(line.eligible_yen for line in FORTY)
TWENTY = schema.KpiTable(
    (2026, 2027, 2028, 2029, 2030),
    tuple(
        schema.Kpi(
            LONG_NAME if i == 0 else "合同研修",
            f"成果を表す指標その{i + 1}（{NAME}に関するもの）",
            "千人・回",
            "アウトカム" if i % 2 else "アウトプット",
            "新規" if i % 3 else "△3,639",
            ("1,234,567.125", "－", "0", "12", "△1"),
            "全市町村" if i % 2 else "1,234,567.125以上",
            "" if i % 4 else "各市町村の住民基本台帳及び地域の未来予測に基づく調べ",
        )
        for i in range(20)
    ),
)
LONG_MEMBERS = replace(
    samples.members(),
    rows=tuple(
        replace(row, role=samples.PURPOSE if i == 3 else row.role, agreed_on=None, document_no="")
        for i, row in enumerate(samples.members().rows)
    ),
)


def long_plan() -> schema.Plan:
    plan = samples.plan()
    works = tuple(
        schema.Work(LONG_NAME, ("医療", "福祉", "教育", "環境", "防災"), "余市町", outline=samples.LONG, scale=NAME)
        for _ in range(3)
    )
    return replace(plan, title=LONG_NAME, purpose=samples.LONG, content=samples.LONG + "\n" + samples.LONG, works=works)


def long_application() -> schema.GrantApplication:
    return replace(
        samples.application(),
        plan=long_plan(),
        members=LONG_MEMBERS,
        budget=schema.Budget((), TOTAL, FORTY, TOTAL, ELIGIBLE),
        costs=schema.Costs((schema.Category("委託料", TOTAL, ELIGIBLE),), TOTAL, ELIGIBLE),
        kpis=TWENTY,
        amount_yen=TOTAL,
    )


def long_request() -> schema.Request:
    return replace(samples.request(), plan=long_plan(), members=LONG_MEMBERS, kpis=TWENTY)


def empty_request() -> schema.Request:
    """Nothing but what must be there: no costs, no indicators, no optional text, an amount of zero."""
    plan = replace(
        samples.plan(),
        works=(),
        applicant="",
        cost_sharing="",
        self_running="",
        other_subsidy="",
        self_running_lines=(),
    )
    return replace(
        samples.request(),
        head=replace(samples.form("事業要望書"), number="", issued_on=None),
        plan=plan,
        costs=schema.Costs((), 0, 0),
        amount_yen=0,
        kpis=schema.KpiTable((), ()),
        support=None,
    )


def long_review() -> schema.Review:
    review = samples.review()
    return replace(
        review,
        rules=review.rules * 8,
        opinions=tuple(replace(review.opinions[0], text=samples.LONG) for _ in range(3)),
        receipt="",
        received_on=None,
        proposed_yen=None,
        priority="",
        judged_at=None,
    )


def long_draft() -> schema.Draft:
    draft = samples.draft()
    return replace(draft, plan=samples.LONG, boxes=draft.boxes * 3, amount_yen=None, budget_left_yen=None, receipt="")


def cut_decision() -> schema.GrantDecision:
    """A reduced grant with further conditions, without support years, and an initiative with a long name."""
    return replace(
        samples.decision(),
        projects=(schema.Project(LONG_NAME, ("医療", "福祉")), schema.Project(f"{NAME}の研修")),
        amount_yen=8_096_000,
        reductions=samples.REDUCTIONS,
        conditions=schema.Conditions(None, None, None, ("研修の成果を管内の他の町村へ提供すること。", samples.PURPOSE)),
        support=None,
        split=replace(samples.split(), total_eligible_yen=None, quantity_label="", total_quantity=None),
    )


HARD: dict[str, Callable[[], Any]] = {
    "D-01": empty_request,
    "D-01b": long_request,
    "D-03": long_application,
    "D-04": long_review,
    "D-05": long_draft,
    "D-08": cut_decision,
    "D-09": lambda: replace(samples.rejection("不交付決定通知書", ""), reason=samples.LONG, next_steps=()),
    "D-17": lambda: replace(
        samples.claim(),
        title=LONG_NAME,
        reason=samples.LONG,
        creditor_no="",
        creditor=NAME,
        granted_yen=9_999_999_999,
        received_yen=0,
    ),
    "D-17b": lambda: replace(samples.final_claim(), fixing=None, fixed_yen=0, claim_yen=1, creditor_no=""),
    "D-21": lambda: replace(
        samples.return_notice(),
        reason=samples.LONG,
        addition_yen=0,
        addition_lines=(),
        rate="",
        instruction=samples.LONG,
    ),
    "D-32": lambda: replace(
        samples.package_cover(),
        granted_yen=None,
        fixed_yen=None,
        files=samples.package_cover().files * 40,
        region=LONG_NAME,
    ),
    "D-22": lambda: replace(
        samples.revocation_notice(),
        whole=True,
        facts=f"{NAME}\n{samples.LONG}",
        left_yen=0,
        paid_yen=0,
        revoked_yen=8_640_000,
        to_return_yen=0,
        heard_on=None,
        instruction="",
    ),
    "D-10": lambda: replace(samples.withdrawal(), decision=None, reason="", title=LONG_NAME),
}
