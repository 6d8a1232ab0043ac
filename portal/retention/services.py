"""Disposal lists: headquarters' staff prepare, a decider who had no part in it decides (row 38); nothing is lost before
it is archived."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common import audit, clock
from common.errors import Conflict, Refused
from common.tasks import enqueue
from common.viewer import Access, Viewer

from ..duties import RETENTION
from ..models import DisposalItem, DisposalList
from .archive import ARCHIVE
from .register import MODELS, Record, records

PREPARES = "廃棄リストは、本庁 審査担当が作ります。"
DECIDES = "廃棄の決定は、本庁 決裁者が行います。"
OWN_WORK = "廃棄リストの作成に関わった人は、決定できません。別の決裁者が決定してください。"
CHANGED = "このリストの状態が変わりました。最新の内容を確かめてください。"
S, T = DisposalList.State, DisposalItem.Treatment


@transaction.atomic
def prepare(*, viewer: Viewer, kind: str = "", note: str = "") -> DisposalList:
    """Put everything that is due, or all of one class, on a new list. Raises Refused where nothing is due."""
    _may_prepare(viewer)
    today = clock.today()
    due = [
        record
        for record in records(viewer)
        if record.is_due(today) and record.item is None and not record.held and kind in ("", record.kind)
    ]
    if not due:
        raise Refused(
            "廃棄の対象になるものはありません。保存期間が終わり、手続中の仕事で使われていないものが対象です。"
        )
    made = DisposalList.objects.create(on=today, note=note.strip(), prepared_who=viewer.label, created_at=clock.now())
    made.writers.add(viewer.person)
    try:
        with transaction.atomic():
            DisposalItem.objects.bulk_create(_line(made, record) for record in due)
    except IntegrityError as taken:
        raise Conflict("ほかの人が同じものを別の廃棄リストに載せました。一覧を開き直してください。") from taken
    audit.record(viewer, "disposal.prepare", made, f"{made}を作成（{len(due)}件）", internal=True)
    return made


@transaction.atomic
def treat(
    *, item_id: int, viewer: Viewer, treatment: str, reason: str = "", extended_until: date | None = None
) -> DisposalItem:
    """Say what becomes of one thing. Raises Refused where a reason or the last day of an extension is missing."""
    _may_prepare(viewer)
    item = DisposalItem.objects.select_related("list").get(pk=item_id)
    standing = _locked(item.list_id, S.DRAFT)
    reason = reason.strip()
    if treatment != T.DISPOSE and not reason:
        raise Refused("移管または延長の理由を入力してください。")
    if treatment == T.EXTEND and (extended_until is None or extended_until <= max(item.due_from, clock.today())):
        raise Refused("延長後の最終日には、今日より後の日を入力してください。")
    before = {"treatment": item.treatment, "reason": item.reason, "until": item.extended_until}
    item.treatment, item.reason = T(treatment), reason
    item.extended_until = extended_until if treatment == T.EXTEND else None
    item.save(update_fields=["treatment", "reason", "extended_until"])
    standing.writers.add(viewer.person)
    audit.record(
        viewer,
        "disposal.treat",
        standing,
        f"{standing}「{item.title}」を{item.get_treatment_display()}に",
        before=before,
        after={"treatment": item.treatment, "reason": item.reason, "until": item.extended_until},
        internal=True,
    )
    return item


@transaction.atomic
def take_out(*, item_id: int, viewer: Viewer) -> None:
    """Take one thing off a list that is still being prepared."""
    _may_prepare(viewer)
    item = DisposalItem.objects.get(pk=item_id)
    standing = _locked(item.list_id, S.DRAFT)
    item.delete()
    standing.writers.add(viewer.person)
    audit.record(viewer, "disposal.take_out", standing, f"{standing}から「{item.title}」を除く", internal=True)


@transaction.atomic
def propose(*, list_id: int, viewer: Viewer) -> None:
    """Ask for the decision. Raises Refused where the list is empty or a thing is used again."""
    _may_prepare(viewer)
    standing = _locked(list_id, S.DRAFT)
    _check(standing, viewer)
    standing.state, standing.proposed_at, standing.sent_back_because = S.PROPOSED, clock.now(), ""
    standing.save(update_fields=["state", "proposed_at", "sent_back_because"])
    standing.writers.add(viewer.person)
    audit.record(viewer, "disposal.propose", standing, f"{standing}の決裁を求める", internal=True)


@transaction.atomic
def send_back(*, list_id: int, viewer: Viewer, reason: str) -> None:
    """Give a list back to those who prepare it."""
    _may_decide(viewer)
    standing = _locked(list_id, S.PROPOSED)
    if not reason.strip():
        raise Refused("差し戻す理由を入力してください。")
    standing.state, standing.sent_back_because = S.DRAFT, reason.strip()
    standing.save(update_fields=["state", "sent_back_because"])
    audit.record(viewer, "disposal.send_back", standing, f"{standing}を差戻し", reason=reason, internal=True)


@transaction.atomic
def decide(*, list_id: int, viewer: Viewer) -> None:
    """Decide the list; the archive is written by a task afterwards. Raises PermissionDenied for who prepared it."""
    _may_decide(viewer)
    standing = _locked(list_id, S.PROPOSED)
    if standing.writers.filter(pk=viewer.person).exists():
        raise PermissionDenied(OWN_WORK)
    _check(standing, viewer)
    standing.state, standing.decided_at = S.DECIDED, clock.now()
    standing.decided_by_id, standing.decided_who = viewer.person, viewer.label
    standing.save(update_fields=["state", "decided_at", "decided_by", "decided_who"])
    standing.items.filter(treatment=T.EXTEND).update(open=False)
    items = list(standing.items.all())
    audit.record(
        viewer,
        "disposal.decide",
        standing,
        f"{standing}を決定（{len(items)}件）",
        after={"items": [[item.kind, item.key, item.treatment] for item in items]},
        internal=True,
    )
    for item in items:
        subject = (MODELS[item.kind]._meta.label_lower, item.key)
        title = f"{standing}：{item.get_treatment_display()}を決定"
        audit.record(viewer, "disposal.decide", subject, title, reason=item.reason, internal=True)
    enqueue(ARCHIVE, {"list": standing.pk}, viewer=viewer, dedupe_key=f"{ARCHIVE}:{standing.pk}")


def _check(standing: DisposalList, viewer: Viewer) -> None:
    """Raise Refused unless everything on the list is still finished, due and used by no open work."""
    items = list(standing.items.exclude(treatment=T.EXTEND))
    if not standing.items.exists():
        raise Refused("リストに1件もありません。")
    known = {(record.kind, record.key): record for record in records(viewer)}
    wrong = [sentence for item in items if (sentence := _hindrance(item, known))]
    if wrong:
        raise Refused("".join(wrong[:5]))


def _hindrance(item: DisposalItem, known: dict[tuple[str, str], Record]) -> str:
    record = known.get((item.kind, item.key))
    if record is None or not record.is_due(clock.today()):
        return f"「{item.title}」は保存期間中か、手続中に戻りました。リストから除いてください。"
    return f"「{item.title}」は{record.held}リストから除いてください。" if record.held else ""


def _line(made: DisposalList, record: Record) -> DisposalItem:
    return DisposalItem(
        list=made,
        kind=record.kind,
        key=record.key,
        number=record.number,
        title=record.title[:250],
        closed_on=record.term.closed_on,
        years=record.term.years,
        due_from=record.until,
        amount_yen=record.amount_yen,
    )


def _locked(list_id: int, state: str) -> DisposalList:
    standing = DisposalList.objects.select_for_update().get(pk=list_id)
    if standing.state != state:
        raise Conflict(CHANGED)
    return standing


def _may_prepare(viewer: Viewer) -> None:
    if not (viewer.is_prefecture and viewer.may(RETENTION, Access.EDIT)):
        raise PermissionDenied(PREPARES)


def _may_decide(viewer: Viewer) -> None:
    if not (viewer.is_prefecture and viewer.may(RETENTION, Access.SUBMIT)):
        raise PermissionDenied(DECIDES)
