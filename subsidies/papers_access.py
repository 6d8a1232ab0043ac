"""Which issued papers a person may read: those of visible applications, without 庁内限り for towns."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast

from common.models import DocumentIssue
from common.viewer import Viewer

from .duties import DOCUMENT
from .models import Application

SUBJECT = "subsidies.application"


def papers_visible_to(viewer: Viewer) -> QuerySet[DocumentIssue]:
    """Return the papers about applications that this person may read; all others answer 404."""
    if not viewer.may(DOCUMENT):
        return DocumentIssue.objects.none()
    # as a number, so that the database can go from the paper to its application by key
    case = Case(When(subject_type=SUBJECT, then=Cast("subject_id", BigIntegerField())))
    visible = Exists(Application.objects.visible_to(viewer).order_by().filter(pk=OuterRef("case")))
    papers = DocumentIssue.objects.alias(case=case).filter(visible, subject_type=SUBJECT).select_related("number")
    return papers if viewer.sees_internal else papers.filter(internal=False)


def papers_of_case(application: Application, viewer: Viewer) -> list[Any]:
    """Return the papers about one visible application, newest first, each with its bare name in `label`."""
    papers: list[Any] = list(papers_visible_to(viewer).filter(subject_type=SUBJECT, subject_id=str(application.pk)))
    for paper in papers:
        paper.label = bare_name(paper)
    return papers


def bare_name(paper: DocumentIssue) -> str:
    """交付決定通知書: the title without region, year and program, where these stand beside it."""
    return paper.title.partition("（")[0]


def papers_with_number(viewer: Viewer, words: str) -> QuerySet[DocumentIssue]:
    """Return the visible papers whose number, title or head number holds the words: the search by document number."""
    return papers_visible_to(viewer).filter(
        Q(number__text__icontains=words) | Q(snapshot__head__number__icontains=words) | Q(title__icontains=words)
    )
