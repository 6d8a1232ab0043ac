"""What one application shows to a reader: its content as she may read it, papers, corrections and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from common import audit
from common.models import AuditEvent, DocumentIssue, StoredFile
from common.viewer import Duty, Viewer

from .delegated import on_behalf
from .models import Application, CorrectionRound, Snapshot
from .papers_access import SUBJECT, papers_visible_to
from .snapshots import Content, content_of
from .states import BEFORE_SUBMISSION, State
from .sums import Sums, sums_of

HISTORY = 200  # events at most on one page


@dataclass(frozen=True)
class Dossier:
    """`content` as in `snapshots.content_of`; `version` is the submitted version it shows, None for the present one."""

    content: Content
    version: Snapshot | None
    sums: Sums
    files: list[StoredFile]
    documents: list[DocumentIssue]
    rounds: list[CorrectionRound]
    events: list[AuditEvent] = field(default_factory=list)


def takes_part(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer sits in the lead or another participating municipality."""
    own = viewer.is_municipal and application.parts.filter(municipality=viewer.office.code).exists()
    return own or (viewer.is_municipal and application.lead_id == viewer.office.code)


def dossier(application: Application, viewer: Viewer) -> Dossier:
    """Collect what the viewer may read of a visible application; nothing marked 庁内限り for towns.

    While the towns write on, offices and towns that do not take part read the version submitted last; staff who type
    for the lead under its delegation read what they type. A field officer reads only the initiatives assigned to her.
    """
    writes = takes_part(application, viewer) or on_behalf(application, viewer) is not None
    version = None if writes else _submitted(application)
    content = version.data if version else content_of(application)
    if viewer.is_municipal and not viewer.has(Duty.MP, Duty.MA):
        content = _only_assigned(content, application, viewer)
    return Dossier(
        content=content,
        version=version,
        sums=_sums(content),
        files=list(StoredFile.objects.of(application).visible_to(viewer)),
        documents=list(papers_visible_to(viewer).filter(subject_type=SUBJECT, subject_id=str(application.pk))),
        rounds=list(application.rounds.order_by("-number").prefetch_related("items")),
        events=shortened(audit.timeline(application, internal=viewer.sees_internal)[:HISTORY]),
    )


def _submitted(application: Application) -> Snapshot | None:
    if application.state not in (*BEFORE_SUBMISSION, State.RETURNED):
        return None
    return application.snapshots.order_by("-version").first()


def _only_assigned(content: Content, application: Application, viewer: Viewer) -> Content:
    assigned = set(application.items.filter(assignees=viewer.user_id).values_list("project", flat=True))
    projects = [project for project in content["projects"] if project["id"] in assigned]
    names = {project["name"] for project in projects}
    return content | {"projects": projects, "costs": [line for line in content["costs"] if line["project"] in names]}


def _sums(content: Content) -> Sums:
    return sums_of(
        content["costs"],
        content["incomes"],
        content["requested_yen"],
        [(part["split_yen"], part["burden_yen"]) for part in content["participants"]],
    )


def shortened(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Keep the last of a run of saves by the same person: autosave writes many, a reader needs one."""
    kept: list[AuditEvent] = []
    for event in events:
        last: Any = kept[-1] if kept else None
        if last and event.action == last.action == "application.edit" and event.who == last.who:
            continue
        kept.append(event)
    return kept
