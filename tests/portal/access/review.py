"""Rows of the access matrix: a submitted application under review and its papers (rows 14 to 19)."""

from __future__ import annotations

from .row import ALL, BUREAU, HEADQUARTERS, NOBODY, OUTSIDE, REVIEWERS, TOWN, Row, case, only, paper

REVIEW = [
    Row("subsidies:application_list", ok=ALL - OUTSIDE),
    Row("subsidies:application_export", ok=ALL - OUTSIDE),
    case("subsidies:application_review", REVIEWERS),
    case("subsidies:application_receive", only("BS"), post={"received_on": "2026-11-20"}, answers=302),
    case("subsidies:application_judge_again", BUREAU, post={}, answers=302),  # headquarters: once it is forwarded
    case(
        "subsidies:application_judge", BUREAU | HEADQUARTERS, args=("N-05",), post={}, answers=302
    ),  # says that nothing is asked
    case("subsidies:application_note", only("BS", "HS", "SD"), post={"note-text": "確認した。"}, answers=302),
    case("subsidies:application_opinion", only("BS", "HS", "SD"), post={"opinion-text": "採択が適当。"}, answers=302),
    case(
        "subsidies:application_reduce", only("BS", "HS"), post={}
    ),  # an empty form comes back; the service refuses others
    case("subsidies:application_return", only("BS", "HS")),
    case("subsidies:application_forward", only("BM")),
    case("subsidies:application_hand_back", only("HS")),
    case("subsidies:application_lapse", only("BM")),
    case("subsidies:application_next", REVIEWERS, answers=302),
    case("subsidies:consultation_close", only("BS")),
    case("subsidies:decision_draft", only("BS", "HS")),
    case("subsidies:decision_decide", REVIEWERS | only("AC"), writers=only("BM")),
    case(
        "subsidies:decision_send_back", only("BM"), post={"reason": "金額を確かめてください。"}
    ),  # the bureau decides here
    case("subsidies:decision_concur", REVIEWERS | only("AC"), writers=NOBODY),  # nothing circulates yet
    case("subsidies:request_decide", only("HM")),
    case("subsidies:document_list", ALL - OUTSIDE - only("MF")),
    case("subsidies:document_export", ALL - OUTSIDE - only("MF")),
    case("subsidies:paper_preview", ALL - OUTSIDE - TOWN, args=("D-08",), hidden=OUTSIDE | TOWN),
    case("subsidies:paper_preview_pdf", ALL - OUTSIDE - TOWN, args=("D-08",), hidden=OUTSIDE | TOWN),
    paper("subsidies:document_preview"),
    paper("subsidies:document_page"),
    paper("subsidies:document_pdf"),
    paper("subsidies:document_reprint", only("BS", "HS"), post={}),
]
