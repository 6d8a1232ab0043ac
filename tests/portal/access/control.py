"""Rows of the access matrix: revocation and return, findings, re-opening, audit and disclosure."""

from __future__ import annotations

from .row import ALL, BUREAU, HEADQUARTERS, NOBODY, OUTSIDE, Row, case, only

CONTROL = [
    case("subsidies:case_revocation", ALL - OUTSIDE - only("MF")),
    case("subsidies:revocation_propose", only("BS", "HS")),
    case("subsidies:revocation_hearing", only("BS", "HS")),
    case("subsidies:revocation_decide", only("BM"), post={"act": "decide"}),  # the bureau decides here; shows the page
    case("subsidies:revocation_concur", NOBODY, post={"act": "agree"}),  # nothing circulates
    case("subsidies:case_return", ALL - OUTSIDE - only("MF"), writers=only("BM")),
    case("subsidies:return_addition", only("AC"), args=(1,), post={}, answers=422),
    case("subsidies:return_late", only("BM"), args=(1,), post={}, answers=422),
    case("subsidies:case_findings", BUREAU | HEADQUARTERS | only("AU"), writers=ALL),
    case("subsidies:findings_rerun", BUREAU | HEADQUARTERS, post={}, answers=302),
    case("subsidies:finding_conclude", NOBODY, args=(1,), post={}, hidden=OUTSIDE | BUREAU | HEADQUARTERS),
    case("subsidies:case_reopening", BUREAU | HEADQUARTERS | only("AC", "AU"), writers=only("HM")),
    case("subsidies:reopening_decide", only("BM", "HM"), post={"act": "refuse"}),
    case("subsidies:case_audit", only("BM", "AU") | HEADQUARTERS, writers=ALL),
    case("subsidies:case_audit_export", only("BM", "AU") | HEADQUARTERS),
    case("subsidies:package_make", only("BM", "AU") | HEADQUARTERS, post={}, answers=302),
    case("subsidies:package_download", NOBODY, args=(1,), hidden=OUTSIDE | only("BM", "AU") | HEADQUARTERS),
    Row("subsidies:disclosure_list", ok=HEADQUARTERS),
    Row("subsidies:disclosure_export", ok=HEADQUARTERS),
    Row("subsidies:disclosure_new", ok=only("HS")),
    Row("subsidies:disclosure_detail", named=("disclosure",), ok=HEADQUARTERS, strangers=403),
    Row("subsidies:disclosure_decide", named=("disclosure",), ok=only("HM"), post={"act": "refuse"}, strangers=403),
    Row("subsidies:disclosure_download", named=("disclosure",), ok=NOBODY, hidden=HEADQUARTERS, strangers=403),
]
