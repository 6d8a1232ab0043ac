"""Papers whose subject belongs to this room: one module a paper (D-23 in `agreement.py`), each with its frozen
dataclass and the builder that fills it from rows.

How one is issued and read::

    issue_paper("D-23", agreement_paper(agreement), subject=agreement, office=…, viewer=viewer, on=day)  # in a service
    return paper_answer(request, "D-23", agreement, lambda: agreement_paper(agreement), back=…)           # in a view

Whoever may see the subject (`visible_to`) may read its paper; there is no list of papers of its own. A paper that was
issued opens as it was issued; before that it is drawn from the rows and marked 案.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from common import audit
from common.documents import DocumentError, Numbering, freeze, issue
from common.errors import Refused
from common.models import DocumentIssue
from common.viewer import Office, Viewer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def issue_paper(
    kind: str,
    paper: DataclassInstance | Mapping[str, Any],
    *,
    subject: Model,
    office: Office,
    viewer: Viewer,
    on: date,
    numbering: Numbering | None = None,
    internal: bool = False,
) -> DocumentIssue:
    """Freeze a paper (or take one frozen before) in the caller's transaction; its PDF follows on commit.

    Raises Refused where it cannot be printed (a character that the font lacks, a value that is missing).
    """
    try:
        return issue(
            kind,
            paper if isinstance(paper, Mapping) else freeze(paper),
            subject=subject,
            office=office,
            viewer=viewer,
            on=on,
            numbering=numbering,
            internal=internal,
        )
    except DocumentError as problem:
        raise Refused(str(problem)) from problem


def issued_paper(kind: str, subject: Model) -> DocumentIssue | None:
    """Return the newest issued paper of the kind about the subject; None before the first."""
    subject_type, subject_id = audit.subject_of(subject)
    papers = DocumentIssue.objects.filter(kind=kind, subject_type=subject_type, subject_id=str(subject_id))
    return papers.first()
