"""Evidence files of a performance report: kept with their cost line while the report may be written."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction

from common import audit, files
from common.errors import Refused
from common.models import StoredFile
from common.viewer import Viewer

from ..evidence import LABEL
from ..models import Application, ReportCost
from .advance import locked
from .completion import WRITABLE, WRITES, own_lines


@transaction.atomic
def attach(*, application_id: int, number: int, upload: File, viewer: Viewer) -> StoredFile:
    """Keep a file with the cost line of this number. Raises FileRefused, Refused, PermissionDenied."""
    application = locked(application_id, viewer)
    line = _line(application, number, viewer)
    stored = files.store(upload, subject=line, label=LABEL, viewer=viewer)
    after = {"line": number, "file": stored.pk, "sha256": stored.sha256}
    audit.record(viewer, "report.evidence", application, f"証拠書類の添付（経費{number}）", after=after)
    return stored


@transaction.atomic
def detach(*, application_id: int, number: int, file_id: int, viewer: Viewer) -> None:
    """Take a file away from its line; the archive keeps it. Raises Refused, PermissionDenied, DoesNotExist."""
    application = locked(application_id, viewer)
    line = _line(application, number, viewer)
    stored = StoredFile.objects.of(line).get(pk=file_id)
    files.remove(stored, viewer=viewer)
    before = {"line": number, "file": stored.pk, "sha256": stored.sha256}
    audit.record(viewer, "report.evidence", application, f"証拠書類の取下げ（経費{number}）", before=before)


def _line(application: Application, number: int, viewer: Viewer) -> ReportCost:
    if number not in own_lines(application, viewer):
        raise PermissionDenied(WRITES)
    if application.state not in WRITABLE:
        raise Refused(f"「{application.get_state_display()}」の申請の証拠書類は変更できません。")
    return application.report.costs.get(cost__number=number)
