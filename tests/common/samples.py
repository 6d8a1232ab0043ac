"""Sample snapshots of every paper: the plain case of the mockup and the hard cases of the field."""

from datetime import date
from typing import Any

from common.documents.head import Head, freeze
from subsidies.papers import schema

SHIRIBESHI = (
    ("島牧村", 3, 444), ("寿都町", 3, 444), ("黒松内町", 3, 444), ("蘭越町", 4, 508), ("ニセコ町", 5, 571),
    ("真狩村", 3, 444), ("留寿都村", 3, 444), ("喜茂別町", 3, 444), ("京極町", 5, 581), ("共和町", 5, 571),
    ("岩内町", 6, 635), ("泊村", 3, 444), ("神恵内村", 2, 381), ("古平町", 3, 444), ("仁木町", 4, 508),
    ("余市町", 10, 889), ("赤井川村", 3, 444),
)  # fmt: skip
GRANT = "地域づくり総合交付金（広域連携加速化事業）"
AGREED_ON = (date(2024, 3, 21), date(2024, 3, 26), date(2024, 3, 22), date(2024, 3, 27), date(2024, 3, 25))


def from_bureau(title: str, form_no: str, *heading: str) -> Head:
    return Head(
        title=f"{title}（後志１７町村連携地域、令和6年度 広域連携加速化事業）",
        heading=heading or (GRANT, title),
        form_no=form_no,
        number="後地政第204号",
        issued_on=date(2024, 5, 10),
        addressee=("後志１７町村連携地域", "代表　京極町長"),
        sender=("北海道後志総合振興局長",),
        seal_omitted=True,
    )


def split() -> schema.Split:
    rows = tuple(
        schema.SplitRow(name, name == "京極町", AGREED_ON[i % 5], people, thousands * 1000, thousands * 1000)
        for i, (name, people, thousands) in enumerate(SHIRIBESHI)
    )
    return schema.Split(
        heading="構成町村別の内訳",
        member_word="町村",
        amount_label="交付決定額",
        rows=rows,
        total_eligible_yen=8_640_000,
        total_amount_yen=8_640_000,
        quantity_label="受講者（人）",
        total_quantity=68,
        remark="交付決定額は代表町村に一括して交付し、構成町村は地域連携協定の定めによりこの内訳で精算する。",
    )


def d08() -> dict[str, Any]:
    return freeze(
        schema.GrantDecision(
            head=from_bureau("交付決定通知書", "様式第6号（第7条関係）"),
            grant_name=GRANT,
            fiscal_year=2024,
            application=schema.Reference("京企第45号", date(2024, 4, 8)),
            projects=(schema.Project("後志１７町村新規採用職員研修", ("人材の育成", "職員等の交流")),),
            total_cost_yen=8_640_000,
            eligible_cost_yen=8_640_000,
            amount_yen=8_640_000,
            start_on=date(2024, 5, 13),
            end_on=date(2025, 2, 28),
            conditions=schema.Conditions(30, date(2025, 4, 10), 5),
            support=schema.Support(4, 5, 2024),
            split=split(),
            withdraw_days=10,
        )
    )


SAMPLES = {"D-08": d08}
