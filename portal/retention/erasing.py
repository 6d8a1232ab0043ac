"""Carrying out a decided list: thing by thing, each in one transaction, so that a kill in the middle loses nothing.

For each thing: its rows go (or are emptied to their figures) and its line in the register of what was erased (廃棄簿)
is written in the same transaction; the names of its files wait in that line until they are removed from the storage.
What was begun is begun anew from the first thing without a line. What is held by then stays, with the reason.
"""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Model, QuerySet
from django.urls import reverse

from common import audit, clock
from common.documents import Numbering, Purpose, issue
from common.errors import Refused
from common.locks import locking
from common.models import DocumentIssue, StoredFile
from common.tasks import Run, task
from common.viewer import SYSTEM, Office, OfficeKind
from municipalities.models import Prefecture
from subsidies.models import Decision, Package
from subsidies.services import packages

from ..models import DisposalItem, DisposalList, Erased
from .entry import entry_of
from .extent import GONE, KINDS, Extent, amount_of
from .log_paper import LOG, log_paper
from .register import hindrances

ERASE = "retention.erase"
S, T = DisposalList.State, DisposalItem.Treatment
TAMPERED = "保存用ファイルが、作成したときの内容と異なります。消去を中止しました。システム管理者に連絡してください。"


def _stopped(payload: dict[str, Any], sentence: str, refused: bool) -> None:
    """The list waits again for somebody who carries it out; what is erased already stays erased."""
    standing = locking(DisposalList.objects).get(pk=payload["list"])
    if standing.state == S.ERASING:
        standing.stopped()
        audit.record(SYSTEM, "disposal.stop", standing, f"{standing}の消去が中断", reason=sentence, internal=True)


@task(ERASE, title="保存期間が終わったものの消去", gave_up=_stopped)
def erase_list(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Erase what the list decided. Run again after a kill it goes on where it stood and ends the same."""
    standing = DisposalList.objects.get(pk=payload["list"])
    if standing.state == S.ERASED:
        return _told(standing)
    if not _archive_stands(standing):
        raise Refused(TAMPERED)
    items = list(standing.items.exclude(treatment=T.EXTEND).order_by("pk"))
    for done, item in enumerate(items, start=1):
        erase(item, standing, run)
        run.progress(done, len(items), f"{len(items)}件のうち{done}件目まで終わりました。")
    with run.atomic():
        _finish(standing)
    default_storage.delete(standing.archive.name)
    return _told(standing)


def _told(standing: DisposalList) -> dict[str, Any]:
    """What the owner of the task reads at its end."""
    erased = Erased.objects.filter(item__list=standing).count()
    text = f"{erased}件を消去しました。廃棄の記録は{standing}の画面にあります。"
    return {"text": text, "url": reverse("portal:disposal_detail", args=[standing.pk])}


def erase(item: DisposalItem, standing: DisposalList, run: Run) -> None:
    """Erase one thing, its rows first, then its files; what is done of it already is not done again."""
    with run.atomic():
        entry = Erased.objects.filter(item=item).first() or _erase_rows(item, standing)
    if entry is None or not entry.pending:
        return
    for name in entry.pending:
        if not _is_used(name):
            default_storage.delete(name)
    with run.atomic():
        Erased.objects.filter(pk=entry.pk).update(pending=[])


def _erase_rows(item: DisposalItem, standing: DisposalList) -> Erased | None:
    """Write the line, empty what stays, remove what goes; None where something holds the thing now."""
    extent = Extent(item.kind, [item.key])
    model = KINDS[item.kind].model
    thing: Any = locking(model._default_manager).get(pk=item.key)
    subject = (model._meta.label_lower, item.key)
    if sentence := hindrances([item]).get((item.kind, item.key), ""):
        item.kept_because, item.open = sentence, False
        item.save(update_fields=["kept_because", "open"])
        title = f"{standing}：消去しない"
        audit.record(SYSTEM, "disposal.keep", subject, title, reason=sentence, internal=True)
        return None
    amount = amount_of(extent)
    entry = entry_of(item, thing, standing, amount)
    entry.pending = sorted(set(chain(*extent.stored_names())) - {""})
    entry.save()
    _keep_numbers(item)
    extent.search_rows().delete()
    for package in extent.packages():
        packages.forget(package)
    doomed: list[tuple[type[Model], QuerySet[Any]]] = [
        *extent.going(),
        *extent.notice_rows(),
        (DocumentIssue, extent.papers()),
        (StoredFile, extent.files()),
    ]
    emptied = [(table, rows) for table, rows in extent.staying() if table.emptied]
    for table, rows in emptied:
        rows.order_by().update(**table.empty())
    for going, rows in doomed:
        _remove(going, rows)
    model._default_manager.filter(pk=item.key).update(erased_on=entry.erased_on)
    audit.record(SYSTEM, "disposal.erase", subject, f"{standing}により内容を消去", after=amount.as_json)
    return entry


def _keep_numbers(item: DisposalItem) -> None:
    """Write the numbers of letters beside their decisions, and a word where a reason stood (refusals must have one)."""
    if item.kind != "application":
        return
    decisions = Decision.objects.filter(application=int(item.key))
    decisions.exclude(reason="").update(reason=GONE)
    for decision in decisions.select_related("document__number"):
        paper = decision.document
        decision.letter_number = paper.number.text if paper and paper.number else ""
        decision.save(update_fields=["letter_number"])


def _remove(model: type[Model], rows: QuerySet[Any]) -> None:
    """Delete rows by their keys alone: what still points at them is refused by the database at the commit."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        some = model._default_manager.filter(pk__in=keys[start : start + 500])
        some._raw_delete(some.db)


def _is_used(name: str) -> bool:
    """Whether a row that stays still names the file."""
    return (
        DocumentIssue.objects.filter(pdf=name).exists()
        or StoredFile.objects.filter(file=name).exists()
        or Package.objects.filter(file=name).exists()
    )


def _archive_stands(standing: DisposalList) -> bool:
    """Whether the archive is there as it was written: nothing goes before."""
    if not standing.archive or not default_storage.exists(standing.archive.name):
        return False
    with default_storage.open(standing.archive.name) as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == standing.archive_sha256


def _finish(standing: DisposalList) -> None:
    """The deletion log as a numbered paper, and the end of the list."""
    ended = clock.now()
    prefecture = Prefecture.objects.get(pk=settings.PREFECTURE_CODE)
    log = issue(
        LOG,
        log_paper(standing, prefecture.name, ended),
        subject=standing,
        office=Office(OfficeKind.PREFECTURE, prefecture.pk, prefecture.name),
        viewer=SYSTEM,
        on=clock.today(),
        numbering=Numbering(Purpose.DOCUMENT, office=prefecture.terms.get("symbol", prefecture.name)),
        internal=True,
    )
    standing.done(ended, log)
    erased = Erased.objects.filter(item__list=standing).count()
    audit.record(
        SYSTEM,
        "disposal.done",
        standing,
        f"{standing}の消去を完了（{erased}件）",
        after={"erased": erased},
        internal=True,
    )
