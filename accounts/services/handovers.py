"""The hand-over when staff change posts: prepared, confirmed in one step for many duties, undone while untouched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from common import audit, clock, notices
from common.access import require
from common.errors import Conflict, Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.models import AuditEvent
from common.viewer import SYSTEM, Access, Duty, OfficeKind, Viewer

from .. import personal_work
from ..duties import HANDOVER
from ..models import Handover, HandoverRow, Office, Post, User
from .people import problems_of_post

ONE_DAY = timedelta(days=1)
BACK = timedelta(days=31)  # a hand-over of 1 April is often entered in the weeks after it
S = Handover.State


@dataclass(frozen=True)
class Move:
    """One duty that ends: the post, and the id of who takes it over (None: nobody)."""

    post_id: int
    successor_id: int | None


@dataclass(frozen=True)
class HandoverDraft:
    """What was typed: the office (kind and code), its day, the duties that move."""

    kind: OfficeKind
    code: str
    effective_on: date
    moves: tuple[Move, ...]
    note: str = ""


@transaction.atomic
def prepare_handover(draft: HandoverDraft, *, viewer: Viewer) -> Handover:
    """Write down who hands over to whom; nothing moves yet. Raises PermissionDenied and Refused."""
    _require_office(viewer, draft.kind, draft.code, Access.EDIT)
    office = Office.objects.filter(kind=draft.kind.value, code=draft.code).order_by("section").first()
    if office is None:
        raise Refused("この所属は登録されていません。")
    handover = Handover(
        office_kind=office.kind,
        office_code=office.code,
        office_name=office.name,
        prepared_at=clock.now(),
        prepared_who=viewer.label,
    )
    _write(handover, draft)
    audit.record(viewer, "handover.prepare", handover, "異動の引継ぎを準備", after=_facts(handover))
    return handover


@transaction.atomic
def change_handover(handover_id: int, draft: HandoverDraft, *, revision: int, viewer: Viewer) -> Handover:
    """Change what was prepared. Raises Refused and Conflict."""
    handover = _locked(handover_id, viewer, Access.EDIT)
    _only(handover, S.PREPARED)
    if handover.revision != revision:
        raise Conflict("ほかの人が先にこの引継ぎを変えました。いまの内容を確かめて、もう一度保存してください。")
    before = _facts(handover)
    handover.revision += 1
    _write(handover, draft)
    audit.record(viewer, "handover.change", handover, "異動の引継ぎを変更", before=before, after=_facts(handover))
    return handover


@transaction.atomic
def discard_handover(handover_id: int, *, viewer: Viewer) -> None:
    """Throw away what was prepared. Raises Refused."""
    handover = _locked(handover_id, viewer, Access.EDIT)
    _only(handover, S.PREPARED)
    audit.record(viewer, "handover.discard", handover, "異動の引継ぎの準備を削除", before=_facts(handover))
    handover.delete()


@transaction.atomic
def confirm_handover(handover_id: int, *, viewer: Viewer) -> Handover:
    """Let every post end with the day before and the successors' begin with the day; all of it or nothing.

    Work that hangs on a person moves at once where the day has come, else on the day (`move_due`). An act of the
    approver or the head of the office, or of the administrator. Raises Refused with one sentence for each row.
    """
    handover = _locked(handover_id, viewer, Access.SUBMIT)
    _only(handover, S.PREPARED)
    rows = list(handover.rows.select_related("post", "office", "person", "successor"))
    posts = {post.pk: post for post in locking(Post.objects).filter(pk__in=[row.post_id for row in rows])}
    if problems := problems_of(handover, rows):
        raise Refused(*problems)
    for row in rows:
        post = posts[row.post_id or 0]
        row.former_end, post.valid_to = post.valid_to, handover.effective_on - ONE_DAY
        post.save(update_fields=["valid_to"])
        if row.successor_id is not None:
            row.new_post = Post.objects.create(
                user_id=row.successor_id,
                office=row.office,
                duty=row.duty,
                valid_from=handover.effective_on,
                valid_to=row.former_end,
            )
        row.save(update_fields=["former_end", "new_post"])
    handover.state, handover.confirmed_at, handover.confirmed_who = S.CONFIRMED, clock.now(), viewer.label
    handover.save(update_fields=["state", "confirmed_at", "confirmed_who"])
    audit.record(viewer, "handover.confirm", handover, "異動の引継ぎを確定", after=_facts(handover))
    _tell(handover, rows, f"異動の引継ぎが確定しました（{wareki(handover.effective_on)}から）")
    if handover.effective_on <= clock.today():
        _move(handover, rows, viewer)
    return handover


@transaction.atomic
def undo_handover(handover_id: int, *, reason: str, viewer: Viewer) -> Handover:
    """Give every post back as it was, as long as nothing was done with it. Raises Refused.

    Untouched means: the posts stand as the hand-over left them, no successor has acted in the office since, and no
    initiative that moved was given to a third person.
    """
    handover = _locked(handover_id, viewer, Access.SUBMIT)
    _only(handover, S.CONFIRMED)
    if not reason.strip():
        raise Refused("取り消す理由を入力してください。")
    rows = list(handover.rows.select_related("post", "new_post", "person", "successor"))
    if problems := [problem for row in rows if (problem := _touched(handover, row))]:
        raise Refused(*problems)
    for row in rows:
        if row.moved and row.successor_id is not None:
            personal_work.move_back(row.moved, row.person_id, row.successor_id, viewer=viewer)
        if row.new_post is not None:
            row.new_post.delete()
        if row.post is not None:
            row.post.valid_to = row.former_end
            row.post.save(update_fields=["valid_to"])
    handover.state, handover.undone_at, handover.undone_who = S.UNDONE, clock.now(), viewer.label
    handover.save(update_fields=["state", "undone_at", "undone_who"])
    audit.record(
        viewer, "handover.undo", handover, "異動の引継ぎを取消", before=_facts(handover), reason=reason.strip()
    )
    _tell(handover, rows, "異動の引継ぎが取り消されました")
    return handover


def move_due(on: date) -> int:
    """Move the personal work of hand-overs whose day has come (the daily run). Idempotent; returns how many."""
    moved = 0
    for pk in Handover.objects.to_move(on).values_list("pk", flat=True):
        with transaction.atomic():
            handover = locking(Handover.objects.to_move(on)).filter(pk=pk).first()
            if handover is not None:
                _move(handover, list(handover.rows.all()), SYSTEM)
                moved += 1
    return moved


def problems_of(handover: Handover, rows: Sequence[HandoverRow]) -> list[str]:
    """Return why the hand-over cannot be confirmed as things stand, one sentence for each row that is wrong.

    `rows` come with post, office, person and successor.
    """
    problems = []
    for row in rows:
        duty = Duty(row.duty).label
        who = f"{row.person}さんの「{duty}」"
        day = handover.effective_on
        if row.post is None or row.post.valid_from >= day or (row.post.valid_to and row.post.valid_to < day):
            problems.append(f"{who}は、{wareki(day)}の前日まで続く役割ではありません。行を直してください。")
            continue
        if row.successor is None:
            continue
        if not row.successor.is_active:
            problems.append(f"{who}：{row.successor}さんは利用できない利用者です。")
        office_problems = problems_of_post(row.successor, row.office, Duty(row.duty), day, row.post.valid_to)
        problems += [f"{who}：{problem}" for problem in office_problems]
    return problems


def _write(handover: Handover, draft: HandoverDraft) -> None:
    today = clock.today()
    if draft.effective_on < today - BACK:
        raise Refused(f"異動の日は{wareki(today - BACK)}以後の日にしてください。")
    if not draft.moves:
        raise Refused("引き継ぐ役割を1つ以上選んでください。")
    held = Post.objects.filter(office__kind=draft.kind.value, office__code=draft.code).select_related("office", "user")
    posts = {post.pk: post for post in held.filter(pk__in=[move.post_id for move in draft.moves])}
    people = set(
        User.objects.filter(pk__in=[move.successor_id for move in draft.moves if move.successor_id]).values_list(
            "pk", flat=True
        )
    )
    handover.effective_on, handover.note = draft.effective_on, draft.note.strip()
    rows, taken = [], set()
    for move in draft.moves:
        post = posts.get(move.post_id)
        if post is None or (move.successor_id is not None and move.successor_id not in people):
            raise Refused("登録のない役割か利用者が含まれています。一覧から選び直してください。")
        if move.successor_id == post.user_id:
            raise Refused(f"{post.user}さんの「{Duty(post.duty).label}」：引き継ぐ人が本人です。")
        if move.successor_id is not None and (move.successor_id, post.office_id, post.duty) in taken:
            raise Refused(
                f"「{Duty(post.duty).label}」を、同じ人が2人から引き継ぐことはできません。一方は後任なしにしてください。"
            )
        taken.add((move.successor_id, post.office_id, post.duty))
        rows.append(
            HandoverRow(
                handover=handover,
                office=post.office,
                duty=post.duty,
                person=post.user,
                successor_id=move.successor_id,
                post=post,
            )
        )
    if problems := problems_of(handover, rows):
        raise Refused(*problems)
    handover.save()
    handover.rows.all().delete()
    HandoverRow.objects.bulk_create(rows)


def _move(handover: Handover, rows: Sequence[HandoverRow], viewer: Viewer) -> None:
    """Field officers' initiatives go to who took the duty over."""
    for row in rows:
        if row.duty == Duty.MF and row.successor_id is not None:
            row.moved = personal_work.move_work(row.person_id, row.successor_id, handover.office_code, viewer=viewer)
            row.save(update_fields=["moved"])
    handover.work_moved_at = clock.now()
    handover.save(update_fields=["work_moved_at"])
    audit.record(viewer, "handover.move", handover, "引継ぎの日の担当の移動")


def _touched(handover: Handover, row: HandoverRow) -> str:
    """Why this row cannot be taken back; "" where nothing was done with it."""
    duty = Duty(row.duty).label
    if row.post is None or row.post.valid_to != handover.effective_on - ONE_DAY:
        return f"{row.person}さんの「{duty}」は、引継ぎの後に変わっています。"
    if row.successor is None:
        return ""
    new = row.new_post
    if new is None or (new.valid_from, new.valid_to) != (handover.effective_on, row.former_end):
        return f"{row.successor}さんの「{duty}」は、引継ぎの後に変わっています。"
    done = AuditEvent.objects.filter(
        user_id=row.successor_id,
        office_key=f"{handover.office_kind}:{handover.office_code}",
        at__gte=max(clock.at(handover.effective_on, 0), handover.confirmed_at or clock.now()),
        duties__contains=row.duty,
    ).exclude(Q(action__startswith="session.") | Q(action__startswith="handover."))
    if done.exists():
        return (
            f"{row.successor}さんが「{duty}」として既に処理しています。取り消さずに、新しい引継ぎを準備してください。"
        )
    return ""


def _tell(handover: Handover, rows: Sequence[HandoverRow], title: str) -> None:
    """Both sides read it: who hands over and who takes over hold the duties concerned in this office."""
    duties = sorted({Duty(row.duty) for row in rows})
    notices.send(
        f"{handover.office_kind}:{handover.office_code}",
        duties,
        title,
        body="、".join(f"{row.person}→{row.successor or '後任なし'}（{Duty(row.duty).label}）" for row in rows),
        subject=handover,
    )


def _locked(handover_id: int, viewer: Viewer, access: Access) -> Handover:
    handover = locking(Handover.objects.visible_to(viewer)).get(pk=handover_id)
    _require_office(viewer, OfficeKind(handover.office_kind), handover.office_code, access)
    return handover


def _require_office(viewer: Viewer, kind: OfficeKind, code: str, access: Access) -> None:
    require(viewer, HANDOVER, access)
    if not viewer.has(Duty.AD) and (viewer.office.kind, viewer.office.code) != (kind, code):
        raise PermissionDenied("異動の引継ぎは、自分の所属について行います。")


def _only(handover: Handover, state: str) -> None:
    if handover.state != state:
        raise Refused(f"「{handover.get_state_display()}」の引継ぎには行えません。")


def _facts(handover: Handover) -> dict[str, object]:
    return {
        "effective_on": handover.effective_on,
        "rows": [
            {"duty": row.duty, "person": row.person_id, "successor": row.successor_id, "office": row.office_id}
            for row in handover.rows.all()
        ],
    }
