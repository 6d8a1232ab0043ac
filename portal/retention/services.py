"""Disposal lists: headquarters' staff prepare, a decider who had no part in it decides (row 38); nothing is lost before
it is archived."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.models import AuditEvent, Task
from common.tasks import enqueue
from common.viewer import Access, Viewer

from ..duties import RETENTION
from ..models import DisposalItem, DisposalList, RetentionHold
from .archive import ARCHIVE
from .erasing import ERASE
from .register import MODELS, Record, hindrances, known, records

PREPARES = "廃棄リストは、本庁 審査担当が作ります。"
DECIDES = "廃棄の決定は、本庁 決裁者が行います。"
OWN_WORK = "廃棄リストの作成に関わった人は、決定できません。別の決裁者が決定してください。"
CHANGED = "このリストの状態が変わりました。最新の内容を確かめてください。"
CARRIES_OUT = "消去は、本庁 審査担当が行います。"
OWN_DECISION = "廃棄を決定した人は、消去を行えません。本庁 審査担当が行います。"
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
    _check(standing)
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
    _check(standing)
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


@transaction.atomic
def carry_out(*, list_id: int, viewer: Viewer, count: int, handed_over_on: date | None = None) -> Task:
    """Erase what the list decided; a worker does it, thing by thing. This cannot be taken back.

    `count` is how many things the person believes to erase. Raises PermissionDenied (also for whoever decided),
    Conflict, Refused: no archive or nobody took it, another count, no day of hand-over where something goes to the
    archives, nothing left that may go.
    """
    require(viewer, RETENTION, Access.EDIT)
    if not viewer.is_prefecture:
        raise PermissionDenied(CARRIES_OUT)
    standing = _locked(list_id, S.DECIDED)
    if standing.decided_by_id == viewer.person:
        raise PermissionDenied(OWN_DECISION)
    items = list(standing.items.exclude(treatment=T.EXTEND))
    if problems := _before_erasing(standing, items, count, handed_over_on):
        raise Refused(*problems)
    standing.state, standing.handed_over_on = S.ERASING, handed_over_on
    standing.carried_out_by_id, standing.carried_out_who = viewer.person, viewer.label
    standing.carried_out_at = clock.now()
    standing.save(update_fields=["state", "handed_over_on", "carried_out_by", "carried_out_who", "carried_out_at"])
    audit.record(
        viewer,
        "disposal.carry_out",
        standing,
        f"{standing}の消去を開始（{len(items)}件）",
        after={"count": count, "handed_over_on": handed_over_on, "archive": standing.archive_sha256},
        internal=True,
    )
    return enqueue(ERASE, {"list": standing.pk}, viewer=viewer, dedupe_key=f"{ERASE}:{standing.pk}")


def _before_erasing(
    standing: DisposalList, items: list[DisposalItem], count: int, handed_over_on: date | None
) -> list[str]:
    """What is still missing before anything may be erased, as sentences."""
    problems = []
    if not standing.archive or not default_storage.exists(standing.archive.name):
        problems.append("保存用ファイルができるまで、消去できません。")
    elif not taken(standing):
        problems.append("保存用ファイルをまだ誰も取得していません。先に取得して、所定の場所に保管してください。")
    if any(item.treatment == T.TRANSFER for item in items):
        decided = timezone.localtime(standing.decided_at).date() if standing.decided_at else clock.today()
        if handed_over_on is None:
            problems.append("文書館へ移管するものがあります。文書館に引き渡した日を入力してください。")
        elif not decided <= handed_over_on <= clock.today():
            problems.append("引き渡した日には、決定の日から今日までの日を入力してください。")
    going = len(items) - len(hindrances(items))
    if going and count != going:
        problems.append(f"消去する件数が違います。このリストで消去するのは{going}件です。対象を確かめてください。")
    if not going:
        problems.append("消去できるものがありません。全てが、いま手続中か保存を続けるものになっています。")
    return problems


def taken(standing: DisposalList) -> bool:
    """Whether somebody has taken the archive away."""
    subject_type, subject_id = audit.subject_of(standing)
    return AuditEvent.objects.filter(
        subject_type=subject_type, subject_id=str(subject_id), action="disposal.look"
    ).exists()


@transaction.atomic
def hold(*, kind: str, key: str, viewer: Viewer, ground: str, reason: str) -> RetentionHold:
    """Keep a thing although its time is or will be over, until somebody lifts it. Raises Refused, DoesNotExist."""
    _may_prepare(viewer)
    thing = locking(known(kind, viewer)).get(pk=key, erased_on=None)
    if ground not in RetentionHold.Ground.values:
        raise Refused("保存を続ける事由を選んでください。")
    if not reason.strip():
        raise Refused("保存を続ける理由を入力してください。例：令和8年(行ウ)第1号の係属中のため。")
    if RetentionHold.objects.standing(kind, key).exists():
        raise Conflict("ほかの人が先に、保存の継続を指定しました。")
    made = RetentionHold.objects.create(
        kind=kind, key=key, ground=ground, reason=reason.strip(), set_at=clock.now(), set_by_id=viewer.person,
        set_who=viewer.label,
    )  # fmt: skip
    title = f"保存の継続を指定（{made.get_ground_display()}）"
    audit.record(viewer, "retention.hold", thing, title, reason=made.reason, internal=True)
    return made


@transaction.atomic
def lift(*, hold_id: int, viewer: Viewer) -> None:
    """End a hold: the thing may be put on a list again. Raises Conflict where somebody did so before."""
    _may_prepare(viewer)
    held = locking(RetentionHold.objects).get(pk=hold_id)
    if held.lifted_at is not None:
        raise Conflict("ほかの人が先に、保存の継続を解除しました。")
    held.lifted_at, held.lifted_by_id, held.lifted_who = clock.now(), viewer.person, viewer.label
    held.save(update_fields=["lifted_at", "lifted_by", "lifted_who"])
    subject = (MODELS[held.kind]._meta.label_lower, held.key)
    audit.record(viewer, "retention.lift", subject, "保存の継続を解除", before={"reason": held.reason}, internal=True)


def _check(standing: DisposalList) -> None:
    """Raise Refused unless everything on the list is still finished, due and used by no open work."""
    if not standing.items.exists():
        raise Refused("リストに1件もありません。")
    items = list(standing.items.exclude(treatment=T.EXTEND))
    hindered = hindrances(items)
    wrong = [
        f"「{item.title}」は{hindered[item.kind, item.key]}リストから除いてください。"
        for item in items
        if (item.kind, item.key) in hindered
    ]
    if wrong:
        raise Refused("".join(wrong[:5]))


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
    standing = locking(DisposalList.objects).get(pk=list_id)
    if standing.state != state:
        raise Conflict(CHANGED)
    return standing


def _may_prepare(viewer: Viewer) -> None:
    if not (viewer.is_prefecture and viewer.may(RETENTION, Access.EDIT)):
        raise PermissionDenied(PREPARES)


def _may_decide(viewer: Viewer) -> None:
    if not (viewer.is_prefecture and viewer.may(RETENTION, Access.SUBMIT)):
        raise PermissionDenied(DECIDES)
