"""Rows of the access matrix: money, reports and follow-up of a running grant (rows 21 to 24, 27)."""

from __future__ import annotations

from .row import ALL, READS_FOLLOW_UPS, READS_MONEY, READS_PROGRESS, TOWN, Row, case, money, only, told

AFTERWARDS = [
    money("subsidies:application_payments", READS_MONEY),
    money("subsidies:payment_claim", only("MP", "MA"), named="running"),
    money("subsidies:payment_discard", only("MP", "MA"), post={}, answers=302),
    money("subsidies:payment_take_back", only("MA"), args=(1,), post={}, answers=302),
    money("subsidies:payment_decide", only("BM"), args=(1,)),
    money("subsidies:payment_record", only("AC"), args=(1,)),
    Row("subsidies:payment_list", ok=READS_MONEY),
    Row("subsidies:payment_export", ok=READS_MONEY),
    case("subsidies:application_close", READS_MONEY, named=("claimed",), writers=only("BS")),
    Row("subsidies:follow_up_list", ok=READS_FOLLOW_UPS),
    Row("subsidies:follow_up_summary", ok=only("BS", "BM", "HS", "HM", "AU", "OB")),
    Row("subsidies:follow_up_summary_export", ok=only("BS", "BM", "HS", "HM", "AU", "OB")),
    Row("subsidies:follow_up_export", ok=READS_FOLLOW_UPS),
    money("subsidies:application_follow_up", READS_FOLLOW_UPS),
    Row(
        "subsidies:follow_up_detail",
        named=("follow_up",),
        ok=READS_FOLLOW_UPS,
        hidden=ALL - READS_FOLLOW_UPS,
        writers=only("MP", "MF"),
    ),
    Row(
        "subsidies:follow_up_comment",
        named=("follow_up",),
        ok=only("BS"),
        hidden=ALL - READS_FOLLOW_UPS,
        post={"text": "確認しました。"},
        answers=302,
    ),
    money("subsidies:settlement_settle", only("AC"), post={}, answers=302),
    told("subsidies:work_complete", only("MP", "MA")),
    told("subsidies:report_detail"),
    told("subsidies:report_edit", only("MP", "MF")),
    told("subsidies:report_form", only("MP", "MF")),
    told("subsidies:report_submit", only("MA")),
    told("subsidies:report_answers", only("MP", "MA"), answers=302),
    told("subsidies:report_evidence", TOWN | only("AU"), writers=only("MP", "MF")),  # offices: once it is submitted
    told("subsidies:evidence_file", TOWN | only("AU"), named=("to_report", "evidence")),
    told("subsidies:evidence_remove", only("MP", "MF"), named=("to_report", "evidence")),
    told("subsidies:report_urge", only("BS")),
    told("subsidies:report_return", only("BS")),
    told("subsidies:report_inspect", only("BS")),
    told("subsidies:report_fix", only("BM")),
    told("subsidies:application_progress", READS_PROGRESS, named=("reporting",), writers=only("MP")),
    told("subsidies:progress_detail", READS_PROGRESS, named=("reporting",), args=("2026-11-01",)),
    told("subsidies:progress_edit", only("MP", "MF"), named=("reporting",), args=("2026-11-01",), answers=302),
    told("subsidies:progress_submit", only("MA"), named=("reporting",), args=("2026-11-01",), post={}, answers=302),
    told("subsidies:progress_answer", only("BS"), named=("reporting",), args=("2026-11-01",), post={}, answers=302),
]
