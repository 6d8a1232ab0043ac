"""Rows of the access matrix: what the towns do with an application of their own."""

from __future__ import annotations

from .row import ALL, BUREAU, TOWN, UNSENT, Row, only

TOWNS = [
    Row("subsidies:application_detail", named=("draft",), ok=TOWN | only("AU"), hidden=UNSENT),
    Row("subsidies:apply", ok=only("MP", "MA", "BS", "BM", "HS", "HM", "SD", "AC", "AU")),
    Row("subsidies:apply_start", named=("call",), ok=only("MP"), open_to_strangers=True),
    Row("subsidies:check"),
    Row("subsidies:check_partners", ok=only("MP", "MA", "BS", "BM", "HS", "HM", "AU")),
    Row("subsidies:check_propose", ok=only("MP")),
    Row("subsidies:draft_resume", named=("draft",), ok=TOWN | only("AU"), hidden=UNSENT, answers=302),
    *(
        Row(f"subsidies:draft_{step}", named=("draft",), ok=only("MP"), hidden=UNSENT)
        for step in ("basic", "members", "projects", "costs", "kpi", "confirm")
    ),
    Row("subsidies:draft_form", named=("draft",), args=("costs",), ok=only("MP"), hidden=UNSENT),
    Row("subsidies:draft_item", named=("draft",), ok=only("MF"), hidden=UNSENT, answers=302),
    Row("subsidies:draft_item_edit", named=("draft", "item"), ok=only("MP", "MF"), hidden=UNSENT),
    Row("subsidies:application_consent", named=("draft",), ok=only("MP", "MA", "AU"), hidden=UNSENT),
    Row("subsidies:application_agree", named=("draft",), post={}, ok=only("MA"), hidden=UNSENT, answers=422),
    Row(
        "subsidies:application_decline",
        named=("draft",),
        post={"reason": "見直し"},
        ok=only("MA"),
        hidden=UNSENT,
        answers=422,
    ),
    Row("subsidies:application_consult", named=("draft",), ok=only("MP"), hidden=UNSENT),
    Row("subsidies:application_submit", named=("ready",), ok=only("MA"), hidden=UNSENT - BUREAU),
    Row("subsidies:application_withdraw", named=("ready",), ok=only("MA"), hidden=UNSENT - BUREAU),
    Row("subsidies:application_take_back", named=("submitted",), ok=only("MA"), hidden=only("AD", "OB")),
    Row("subsidies:application_open_grant", named=("draft",), post={}, ok=only("MP"), hidden=UNSENT, answers=302),
    Row("subsidies:application_corrections", named=("draft",), ok=only("MP", "MA"), hidden=UNSENT, answers=302),
    Row("subsidies:application_officers", named=("draft",), ok=only("MP"), hidden=UNSENT),
    Row("subsidies:delegation_list", ok=ALL - only("MF", "SD", "AC", "OB")),
    Row("subsidies:delegation_export", ok=ALL - only("MF", "SD", "AC", "OB")),
    Row("subsidies:delegation_new", ok=only("MA")),
    Row("subsidies:delegation_withdraw", named=("delegation",), ok=only("MA"), hidden=only("MF", "SD", "AC", "OB")),
    Row(
        "subsidies:delegation_typed",
        named=("typed",),
        post={},
        ok=only("BS"),
        hidden=UNSENT - only("BS"),
        answers=302,
    ),
    Row("subsidies:attachment", named=("draft", "file"), ok=TOWN | only("AU"), hidden=UNSENT),
    Row("subsidies:attachment_add", named=("draft",), post={}, ok=only("MP"), hidden=UNSENT, answers=302),
    Row("subsidies:attachment_remove", named=("draft", "file"), ok=only("MP"), hidden=UNSENT),
]
