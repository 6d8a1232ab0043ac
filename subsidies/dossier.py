"""What one application shows to a reader: its content as she may read it, papers, corrections and history."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from common import audit
from common.models import AuditEvent, DocumentIssue, StoredFile
from common.viewer import Duty, Viewer

from .delegated import on_behalf
from .models import Application, CorrectionRound, Snapshot
from .papers_access import papers_of_case
from .snapshots import Content, content_of
from .states import BEFORE_SUBMISSION, State
from .sums import Sums, sums_of

HISTORY = 200  # events at most on one page


class Dossier:
    """What the viewer may read of a visible application; each part is asked when a page reads it first.

    While the towns write on, offices and towns that do not take part read the version submitted last; staff who type
    for the lead under its delegation read what they type. A field officer reads only the initiatives assigned to her.
    Nothing marked 庁内限り is shown to towns.
    """

    def __init__(self, application: Application, viewer: Viewer) -> None:
        self._application, self._viewer = application, viewer

    @cached_property
    def version(self) -> Snapshot | None:
        """The submitted version that is shown; None where it is what stands there now."""
        writes = takes_part(self._application, self._viewer) or on_behalf(self._application, self._viewer) is not None
        return None if writes else _submitted(self._application)

    @cached_property
    def content(self) -> Content:
        """The content as in `snapshots.content_of`."""
        content: Content = (
            self.version.data
            if self.version
            else content_of(self._application, [file for file in self.files if not file.internal])
        )
        if self._viewer.is_municipal and not self._viewer.has(Duty.MP, Duty.MA):
            return _only_assigned(content, self._application, self._viewer)
        return content

    @cached_property
    def sums(self) -> Sums:
        """The amounts of the content, added up."""
        return _sums(self.content)

    @cached_property
    def files(self) -> list[StoredFile]:
        """The attached files."""
        return list(StoredFile.objects.of(self._application).visible_to(self._viewer))

    @cached_property
    def documents(self) -> list[DocumentIssue]:
        """The papers issued about it."""
        return papers_of_case(self._application, self._viewer)

    @cached_property
    def rounds(self) -> list[CorrectionRound]:
        """How often it was returned, the last time first."""
        return list(self._application.rounds.order_by("-number").prefetch_related("items"))

    @cached_property
    def events(self) -> list[AuditEvent]:
        """Its history, newest first."""
        return shortened(audit.timeline(self._application, internal=self._viewer.sees_internal)[:HISTORY])


def takes_part(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer sits in the lead or another participating municipality."""
    if not viewer.is_municipal:
        return False
    lead = bool(application.lead_id == viewer.office.code)
    return lead or any(part.municipality_id == viewer.office.code for part in application.parts.all())


def _submitted(application: Application) -> Snapshot | None:
    if application.state not in (*BEFORE_SUBMISSION, State.RETURNED):
        return None
    return application.snapshots.order_by("-version").first()


def _only_assigned(content: Content, application: Application, viewer: Viewer) -> Content:
    assigned = set(application.items.filter(assignees=viewer.works_as).values_list("project", flat=True))
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
