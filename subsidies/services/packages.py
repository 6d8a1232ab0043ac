"""Packages that leave the portal: asked for, approved where they are for disclosure, made by the worker, taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.tasks import enqueue
from common.viewer import Access, Duty, Viewer

from ..duties import AUDIT, DISCLOSURE
from ..models import Application, Package
from ..notifying import tell_disclosure
from ..packing.audit import build as build_audit
from ..packing.disclosure import build as build_disclosure

TASK = "subsidies.package"
LEAST_REASON = 10
MOST_CASES = 50
"""Cases in one disclosure: what one person can read through before she approves it."""


@transaction.atomic
def ask_audit(*, application_id: int, viewer: Viewer) -> Package:
    """Put the making of D-32 into the queue; the package tells of everything up to this moment."""
    require(viewer, AUDIT)
    application = Application.objects.visible_to(viewer).select_related("region").get(pk=application_id)
    package = _new(Package.Kind.AUDIT, Package.State.MAKING, application, viewer, with_internal=True)
    package.applications.set([application])
    _record(viewer, package, "package.ask", "監査パッケージの作成を依頼")
    _queue(package, viewer)
    return package


@transaction.atomic
def ask_disclosure(
    *, application_ids: Collection[int], viewer: Viewer, reason: str, with_internal: bool, internal_reason: str = ""
) -> Package:
    """Staff of headquarters prepare a disclosure; nothing is made before a decider approves it.

    Raises Refused: no reason, papers 庁内限り included without a reason, no case, more than can be read through.
    """
    require(viewer, DISCLOSURE, Access.EDIT)
    cases = list(
        Application.objects.visible_to(viewer).filter(pk__in=application_ids, erased_on=None).select_related("region")
    )
    problems = []
    if len(reason.strip()) < LEAST_REASON:
        problems.append(f"請求の内容と目的を{LEAST_REASON}字以上で入力してください。")
    if with_internal and len(internal_reason.strip()) < LEAST_REASON:
        problems.append(f"庁内限りの文書を含めるときは、その理由を{LEAST_REASON}字以上で入力してください。")
    if not cases:
        problems.append("書き出す申請を選んでください。")
    if len(cases) > MOST_CASES:
        problems.append(f"一度に書き出せるのは{MOST_CASES}件までです。")
    if problems:
        raise Refused(*problems)
    package = _new(
        Package.Kind.DISCLOSURE, Package.State.ASKED, cases[0], viewer, reason=reason.strip(),
        with_internal=with_internal, internal_reason=internal_reason.strip(),
    )  # fmt: skip
    package.applications.set(cases)
    _record(viewer, package, "package.ask", "情報公開用の書き出しを起案", reason)
    tell_disclosure(package, (Duty.HM,), "情報公開用の書き出しが承認を待っています")
    return package


@transaction.atomic
def approve(*, package_id: int, viewer: Viewer, answer: str = "") -> Package:
    """A decider who did not ask for it approves a disclosure; the worker makes it then."""
    package = _waiting(package_id, viewer)
    if viewer.stands_for(package.asked_by_id):
        raise Refused("起案した人は承認できません。別の決裁者が承認してください。")
    _answer(package, Package.State.MAKING, viewer, answer)
    package.upto_event, package.asked_at = audit.position(), clock.now()
    package.save(update_fields=["upto_event", "asked_at"])
    _record(viewer, package, "package.approve", "情報公開用の書き出しを承認", answer)
    tell_disclosure(package, (Duty.HS,), "情報公開用の書き出しが承認されました", answer)
    _queue(package, viewer)
    return package


@transaction.atomic
def refuse(*, package_id: int, viewer: Viewer, answer: str) -> Package:
    """A decider does not approve a disclosure, with the reason."""
    package = _waiting(package_id, viewer)
    if not answer.strip():
        raise Refused("承認しない理由を入力してください。")
    _answer(package, Package.State.REFUSED, viewer, answer)
    _record(viewer, package, "package.refuse", "情報公開用の書き出しを不承認", answer)
    tell_disclosure(package, (Duty.HS,), "情報公開用の書き出しは承認されませんでした", answer)
    return package


def make(package_id: int, *, atomic: Callable[[], AbstractContextManager[None]]) -> Package:
    """Build the file and keep it; a package that stands already is left as it is (a task may run twice)."""
    package = Package.objects.get(pk=package_id)
    if package.state != Package.State.MAKING:
        return package
    build = build_audit if package.kind == Package.Kind.AUDIT else build_disclosure
    data, entries = build(package)
    path = default_storage.save(
        f"packages/{package.asked_at:%Y/%m}/{package.kind}-{package.pk:06d}.zip", ContentFile(data)
    )
    try:
        with atomic():
            package.file.name, package.sha256, package.size = path, hashlib.sha256(data).hexdigest(), len(data)
            package.entries, package.state = entries, Package.State.MADE
            package.save()
    except Exception:
        default_storage.delete(path)
        raise
    return package


def failed(package_id: int) -> None:
    """Say on the package that it could not be made."""
    Package.objects.filter(pk=package_id, state=Package.State.MAKING).update(state=Package.State.FAILED)


def take(package: Package, viewer: Viewer) -> IO[bytes]:
    """Open the ZIP for somebody who takes it away, and write it down. Raises FileNotFoundError where it is lost."""
    content: IO[bytes] = package.file.open("rb")
    _record(viewer, package, "package.take", f"{package.get_kind_display()}のダウンロード")
    return content


def forget(package: Package) -> None:
    """In the caller's transaction: the row of a package whose cases were erased no longer has a file."""
    package.file, package.sha256, package.size, package.state = "", "", None, Package.State.ERASED
    package.save(update_fields=["file", "sha256", "size", "state"])


def _new(kind: str, state: str, application: Application, viewer: Viewer, **values: object) -> Package:
    return Package.objects.create(
        kind=kind,
        state=state,
        prefecture_id=application.region.prefecture_id,
        upto_event=audit.position(),
        asked_by_id=viewer.person,
        asked_who=viewer.label,
        asked_at=clock.now(),
        **values,
    )


def _waiting(package_id: int, viewer: Viewer) -> Package:
    require(viewer, DISCLOSURE, Access.SUBMIT)
    package = locking(Package.objects).filter(pk=package_id, kind=Package.Kind.DISCLOSURE).first()
    if package is None or package.state != Package.State.ASKED:
        raise Refused("承認を待つ書き出しではありません。ほかの人がすでに処理した可能性があります。")
    return package


def _answer(package: Package, state: str, viewer: Viewer, answer: str) -> None:
    package.state, package.answer = state, answer.strip()
    package.approved_by_id, package.approved_who, package.approved_at = viewer.person, viewer.label, clock.now()
    package.save()


def _queue(package: Package, viewer: Viewer) -> None:
    enqueue(TASK, {"package": package.pk}, viewer=viewer, dedupe_key=f"{TASK}:{package.pk}")


def _record(viewer: Viewer, package: Package, action: str, title: str, reason: str = "") -> None:
    """Every case that a package tells of has it in its history."""
    after = {"package": package.pk, "sha256": package.sha256}
    for application in package.applications.all():
        audit.record(viewer, action, application, title, after=after, reason=reason.strip(), internal=True)
