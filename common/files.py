"""Files that people upload: checked by content, kept private, downloaded only through a view that found their subject.

Typical use, inside a service::

    files.store(upload, subject=application, label="見積書", viewer=viewer)

and in a view, after the subject was found by `visible_to`::

    stored = get_object_or_404(StoredFile.objects.of(application).visible_to(request.viewer), pk=pk)
    return files.download(stored, viewer=request.viewer)
"""

from __future__ import annotations

import errno
import hashlib
import unicodedata
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.db.models import Model
from django.http import FileResponse, Http404
from django.utils.module_loading import import_string

from . import audit, clock
from .file_types import SHOWN_IN_BROWSER, content_type_of
from .models import StoredFile
from .viewer import SYSTEM, Viewer

NAME_LENGTH = 120
NO_SPACE = "保存場所の空き容量が足りないため、受け付けられませんでした。システム管理者に連絡してください。"
NOT_STORED = "ファイルを保存できませんでした。しばらくしてからもう一度お試しください。"
NOT_SCANNED = "ウイルス検査ができないため、受け付けられませんでした。しばらくしてからもう一度お試しください。"


class FileRefused(ValidationError):
    """The file is not accepted; its message is Japanese and meant for the person who uploads (forms show it as is)."""


def check(upload: File) -> str:
    """Return the content type of an acceptable upload. Raises FileRefused with the reason.

    Looks at size, kind by content (the name's ending must agree), macros, passwords, and what the scanner says.
    """
    size = upload.size or 0
    if size == 0:
        raise FileRefused("ファイルが空です。内容を確かめて、もう一度選んでください。")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise FileRefused(f"ファイルが大きすぎます（{size / 1024 / 1024:.1f}MB）。1つ{limit}MBまでです。")
    try:
        content_type = content_type_of(upload, PurePath(upload.name or "").suffix.lower())
    except ValueError as reason:
        raise FileRefused(str(reason)) from reason
    _scan(upload)
    upload.seek(0)
    return content_type


def store(
    upload: File,
    *,
    subject: Model | tuple[str, object],
    label: str,
    viewer: Viewer,
    internal: bool = False,
    remark: str = "",
) -> StoredFile:
    """Check and keep an upload with its row and its audit event; `internal` marks it 庁内限り.

    `remark` is added to the event's title in the timeline (in whose name it was done).

    Raises FileRefused; then neither a row nor a part of the file is left.
    """
    if viewer.user_id is None and viewer is not SYSTEM:
        raise PermissionDenied("nobody uploads files")
    content_type = check(upload)
    name = clean_name(upload.name or "")
    subject_type, subject_id = audit.subject_of(subject)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    stored = StoredFile(
        subject_type=subject_type,
        subject_id=str(subject_id),
        label=label,
        name=name,
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        internal=internal,
        office_key=viewer.office.key,
        uploaded_by_id=viewer.user_id,
        uploaded_at=clock.now(),
    )
    path = default_storage.get_available_name(
        stored.file.field.generate_filename(stored, digest.hexdigest() + PurePath(name).suffix)
    )
    try:
        stored.file.name = default_storage.save(path, upload)
        with transaction.atomic():
            stored.save()
            audit.record(
                viewer,
                "file.add",
                subject,
                f"添付「{label}」{remark}",
                after={"file": stored.pk, "name": name, "size": stored.size, "sha256": stored.sha256},
                internal=internal,
            )
    except (OSError, OperationalError) as failed:
        default_storage.delete(path)
        raise FileRefused(NO_SPACE if _disk_is_full(failed) else NOT_STORED) from failed
    except Exception:
        default_storage.delete(path)
        raise
    return stored


def remove(stored: StoredFile, *, viewer: Viewer, reason: str = "", remark: str = "") -> None:
    """Take a file out of the dossier. It stays in the archive, because decisions may rest on it; `remark` as above."""
    with transaction.atomic():
        stored.removed_at = clock.now()
        stored.save(update_fields=["removed_at"])
        audit.record(
            viewer,
            "file.remove",
            (stored.subject_type, stored.subject_id),
            f"添付「{stored.label}」の取下げ{remark}",
            before={"file": stored.pk, "name": stored.name, "sha256": stored.sha256},
            reason=reason,
            internal=stored.internal,
        )


def download(stored: StoredFile, *, viewer: Viewer, inline: bool = False) -> FileResponse:
    """Answer with the file under its Japanese name; PDFs and pictures may be shown in the browser (`inline`).

    A look at a file marked 庁内限り is an audit event. Raises Http404 when the storage lost the file.
    """
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404("保存されたファイルが見つかりません。") from lost
    if stored.internal:
        subject = (stored.subject_type, stored.subject_id)
        audit.record(
            viewer, "file.look", subject, f"添付「{stored.label}」の閲覧", after={"file": stored.pk}, internal=True
        )
    shown = inline and stored.content_type in SHOWN_IN_BROWSER
    response = FileResponse(content, as_attachment=not shown, filename=stored.name, content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def clean_name(name: str) -> str:
    """Return a file name as it may be stored and sent back: NFC, no path, no control characters, at most 120 long.

    Macs send か and ゛ as two characters; NFC makes them one again.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join("_" if char in '<>:"|?*' else char for char in name if unicodedata.category(char)[0] != "C").strip(
        " ."
    )
    path = PurePath(name or "無題")
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix.lower()


def _disk_is_full(failed: OSError | OperationalError) -> bool:
    """Whether the storage or the database ran out of space (SQLite and PostgreSQL say so in words only)."""
    if isinstance(failed, OSError):
        return failed.errno in (errno.ENOSPC, errno.EDQUOT)
    return "disk is full" in str(failed) or "No space left on device" in str(failed)


def _scan(upload: File) -> None:
    """Ask the scanner named in settings.UPLOAD_SCANNER: a callable that returns what it found, or an empty string."""
    if not settings.UPLOAD_SCANNER:
        return
    upload.seek(0)
    try:
        found = import_string(settings.UPLOAD_SCANNER)(upload)
    except OSError as away:
        raise FileRefused(NOT_SCANNED) from away
    if found:
        raise FileRefused(f"ウイルス検査で問題（{found}）が見つかったため、受け付けられません。")
