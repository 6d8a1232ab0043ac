"""Which paper is issued by which office, under which number, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from common import clock
from common.documents import Numbering, issue, supersede, take_number
from common.models import DocumentIssue, NumberEntry, NumberSequence
from common.viewer import Office, OfficeKind, Viewer

from .models import Application
from .papers import snapshot
from .rulesets import rules_of

Purpose = NumberSequence.Purpose


@dataclass(frozen=True)
class Paper:
    """How a paper of an application is issued. `by` is town, bureau, headquarters or authority.

    `renewed`: a further one takes the place of the one before (差替済), so that of each the last alone counts.
    """

    by: str
    purpose: str | None = None
    internal: bool = False
    renewed: bool = False


PAPERS = {
    "D-01": Paper("town", renewed=True),
    "D-02": Paper("bureau"),
    "D-03": Paper("town", renewed=True),
    "D-04": Paper("bureau", internal=True, renewed=True),
    "D-05": Paper("authority", internal=True, renewed=True),
    "D-06": Paper("bureau", Purpose.DOCUMENT),
    "D-07": Paper("bureau", Purpose.DOCUMENT),
    "D-08": Paper("authority", Purpose.ORDER),
    "D-09": Paper("authority", Purpose.ORDER),
    "D-10": Paper("town"),
    "D-11": Paper("town"),
    "D-12": Paper("authority", Purpose.ORDER),
    "D-13": Paper("town"),
    "D-14": Paper("authority", Purpose.ORDER),
    "D-15": Paper("town"),
    "D-15b": Paper("town"),
    "D-16": Paper("bureau", Purpose.DOCUMENT),
    "D-17": Paper("town"),
    "D-17b": Paper("town"),
    "D-18": Paper("town", renewed=True),
    "D-19": Paper("bureau", internal=True),
    "D-20": Paper("authority", Purpose.ORDER),
    "D-21": Paper("authority", Purpose.ORDER),
    "D-22": Paper("authority", Purpose.ORDER),
}


def issue_paper(kind: str, application: Application, viewer: Viewer, **extra: Any) -> DocumentIssue:
    """Freeze and number a paper of the application inside the caller's transaction; its PDF follows on commit."""
    paper = PAPERS[kind]
    office = _office(application, paper.by)
    issued = issue(
        kind,
        snapshot(kind, application, **extra),
        subject=application,
        office=office,
        viewer=viewer,
        on=clock.today(),
        numbering=_numbering(application, office, paper.purpose) if paper.purpose else None,
        internal=paper.internal,
    )
    if paper.renewed:
        standing = DocumentIssue.objects.filter(
            subject_type=issued.subject_type, subject_id=issued.subject_id, kind=kind, superseded_by=None
        )
        for old in standing.exclude(pk=issued.pk):
            supersede(old, issued, viewer)
    return issued


def take_receipt_number(application: Application, on: date) -> NumberEntry:
    """Take the 収受番号 of the lead bureau for an application that came in on the day."""
    office = _office(application, "bureau")
    numbering = _numbering(application, office, Purpose.RECEIPT)
    return take_number(numbering, office=office, on=on, subject=application)


def _office(application: Application, by: str) -> Office:
    authority = rules_of(application.call.ruleset).value("decision_authority")
    if by == "town":
        return Office(OfficeKind.MUNICIPALITY, application.lead_id, application.lead.name)
    if by == "bureau" or (by == "authority" and authority == "bureau"):
        return Office(OfficeKind.BUREAU, application.lead_bureau_id, application.lead_bureau.name)
    prefecture = application.region.prefecture
    return Office(OfficeKind.PREFECTURE, prefecture.pk, prefecture.name)


def _numbering(application: Application, office: Office, purpose: str) -> Numbering:
    if office.kind == OfficeKind.BUREAU:
        return Numbering(purpose, office=application.lead_bureau.symbol)
    return Numbering(
        purpose, office=application.region.prefecture.terms.get("symbol", application.region.prefecture.name)
    )
