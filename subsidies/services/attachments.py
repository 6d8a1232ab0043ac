"""Papers that towns attach to their application, while they may write it."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from common import files
from common.models import StoredFile
from common.viewer import Viewer

from ..delegated import on_behalf, remark
from .drafts import editable


@transaction.atomic
def attach(*, application_id: int, viewer: Viewer, upload: File, label: str) -> StoredFile:
    """Keep an upload with the application. Raises FileRefused (its text says why), PermissionDenied, Refused."""
    application = editable(application_id, viewer)
    typed_for = remark(on_behalf(application, viewer))
    return files.store(upload, subject=application, label=label, viewer=viewer, remark=typed_for)


@transaction.atomic
def detach(*, application_id: int, viewer: Viewer, file_id: int) -> None:
    """Take a file out of the application; versions submitted before keep it."""
    application = editable(application_id, viewer)
    stored = StoredFile.objects.of(application).get(pk=file_id)
    files.remove(stored, viewer=viewer, remark=remark(on_behalf(application, viewer)))
