"""Issuing the annual report: the snapshot of the day, numbered; a later one of the same year takes its place."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from common import clock
from common.access import require
from common.documents import Numbering, Purpose, issue, supersede
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.models import DocumentIssue
from common.viewer import Access, Duty, Office, OfficeKind, Viewer
from municipalities.models import Prefecture

from ..duties import ANNUAL
from .report import KIND, annual_report

SUBJECT = "portal.annualreport"
NOTHING_NEW = "前に発行した報告書と内容が同じです。登録内容が変わってから発行してください。"
NOT_BEGUN = "まだ始まっていない年度の報告書は作成できません。"
MAKERS = (Duty.HS, Duty.HM, Duty.AU)


def may_make(viewer: Viewer) -> bool:
    """Whether the person reads reports before they are issued: headquarters, who make them, and auditors."""
    return viewer.is_prefecture and viewer.has(*MAKERS)


def issued_reports(viewer: Viewer) -> QuerySet[DocumentIssue]:
    """The issued reports that this person may read, the newest first; whoever reads the indicators reads them."""
    rows = DocumentIssue.objects.filter(kind=KIND, subject_type=SUBJECT) if viewer.may(ANNUAL) else None
    return DocumentIssue.objects.none() if rows is None else rows.select_related("number", "superseded_by")


@transaction.atomic
def issue_report(year: FiscalYear, viewer: Viewer) -> DocumentIssue:
    """Freeze the report of the year as it stands now, number it, and mark the one before as replaced.

    Raises PermissionDenied, Refused (a year to come, nothing new since the last one).
    """
    require(viewer, ANNUAL, Access.SUBMIT)
    if year > FiscalYear.of(clock.today()):
        raise Refused(NOT_BEGUN)
    prefecture = locking(Prefecture.objects).get(pk=settings.PREFECTURE_CODE)
    report = annual_report(year, viewer)
    standing = DocumentIssue.objects.filter(
        kind=KIND, subject_type=SUBJECT, subject_id=str(int(year)), superseded_by=None
    ).first()
    if standing is not None and content_of(standing.snapshot) == content_of(report):
        raise Refused(NOTHING_NEW)
    document = issue(
        KIND,
        report,
        subject=(SUBJECT, int(year)),
        office=Office(OfficeKind.PREFECTURE, prefecture.pk, prefecture.name),
        viewer=viewer,
        on=clock.today(),
        numbering=Numbering(Purpose.DOCUMENT, office=prefecture.terms.get("symbol", prefecture.name)),
    )
    if standing is not None:
        supersede(standing, document, viewer)
    return document


def content_of(report: dict[str, Any]) -> tuple[Any, Any]:
    """What makes two reports the same: the year and the chapters."""
    return report["fiscal_year"], report["chapters"]
