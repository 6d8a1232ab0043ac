"""The yearly question after the support (自走化, row 27): answered by the lead, commented by its bureau."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from regions import services as regions

from ..duties import FOLLOW_UP
from ..models import FollowUp, SupportYear
from ..notifying import tell_follow_up
from ..workflow import Side
from .advance import sits_on

WRITERS = "支援後の状況は、代表市町村の企画担当と、取組を割り当てられた事業担当が書きます。"


@dataclass(frozen=True)
class Answer:
    """How an initiative goes on; `continues` is None while nobody has said."""

    continues: bool | None = None
    funding: str = ""
    staffing: str = ""
    obstacles: str = ""
    national_scheme: bool = False


@transaction.atomic
def write(*, follow_up_id: int, answer: Answer, revision: int, viewer: Viewer) -> FollowUp:
    """Write the answer without submitting it. Raises Conflict when somebody else wrote it meanwhile."""
    row = _locked(follow_up_id, viewer)
    if not may_write(row, viewer):
        raise PermissionDenied(WRITERS)
    _require_open(row)
    if row.revision != revision:
        raise Conflict(
            "ほかの人が回答を書き換えました。下の「保存されている回答」を確かめて、もう一度保存してください。"
        )
    for name in ("funding", "staffing", "obstacles"):
        setattr(row, name, getattr(answer, name).strip())
    row.continues, row.national_scheme = answer.continues, answer.national_scheme
    row.revision += 1
    row.save()
    _record(viewer, "follow_up.save", row, "支援後の状況の記入")
    return row


@transaction.atomic
def submit(*, follow_up_id: int, viewer: Viewer) -> FollowUp:
    """The lead's approver submits the answer; it is not changed afterwards. Raises Refused with what is missing.

    An initiative that is not supported again runs by itself (自走) or is over (終了) from then on.
    """
    row = _locked(follow_up_id, viewer)
    if not may_submit(row, viewer):
        raise PermissionDenied("支援後の状況は、代表市町村の承認者が提出します。")
    _require_open(row)
    if problems := missing(row):
        raise Refused(*problems)
    row.answered_at, row.answered_by_id, row.answered_who = clock.now(), viewer.person, viewer.label
    row.save(update_fields=["answered_at", "answered_by", "answered_who"])
    _record(viewer, "follow_up.submit", row, "支援後の状況の提出")
    if not SupportYear.objects.filter(projects=row.project_id, fiscal_year__gte=row.fiscal_year).exists():
        regions.follow_project(row.project_id, goes_on=bool(row.continues), fiscal_year=row.fiscal_year, viewer=viewer)
    tell_follow_up(row, "bureau", (Duty.BS,), "支援後の状況の回答がありました")
    return row


@transaction.atomic
def comment(*, follow_up_id: int, text: str, viewer: Viewer) -> FollowUp:
    """Staff of the lead bureau say something to an answer; the towns read it."""
    row = _locked(follow_up_id, viewer)
    if not may_comment(row, viewer):
        raise PermissionDenied("コメントは、主管振興局の審査担当が書きます。")
    if row.answered_at is None:
        raise Refused("回答が提出されてからコメントできます。")
    if not text.strip():
        raise Refused("コメントを入力してください。")
    row.comment, row.commented_who, row.commented_on = text.strip(), viewer.label, clock.today()
    row.save(update_fields=["comment", "commented_who", "commented_on"])
    _record(viewer, "follow_up.comment", row, "支援後の状況へのコメント")
    tell_follow_up(row, "lead", (Duty.MP, Duty.MA), "支援後の状況に振興局のコメントがあります", text.strip())
    return row


def missing(row: FollowUp) -> list[str]:
    """What the answer still lacks, in Japanese sentences."""
    problems = []
    if row.continues is None:
        problems.append("取組が続いているかを選んでください。")
    if row.continues and not row.funding:
        problems.append("続けるための財源を入力してください。")
    if row.continues and not row.staffing:
        problems.append("続けるための体制を入力してください。")
    if row.continues is False and not row.obstacles:
        problems.append("続いていない理由を「課題」に入力してください。")
    return problems


def may_write(row: FollowUp, viewer: Viewer) -> bool:
    """Whether this person writes the answer: a planner of the lead, or a field officer of the initiative."""
    if not viewer.may(FOLLOW_UP, Access.EDIT):
        return False
    return (viewer.has(Duty.MP) and sits_on(row.application, Side.LEAD, viewer)) or viewer.has(Duty.MF)


def may_submit(row: FollowUp, viewer: Viewer) -> bool:
    """Whether this person submits it: an approver of the lead."""
    return viewer.has(Duty.MA) and viewer.may(FOLLOW_UP, Access.SUBMIT) and sits_on(row.application, Side.LEAD, viewer)


def may_comment(row: FollowUp, viewer: Viewer) -> bool:
    """Whether this person comments on it: staff of the lead bureau."""
    return viewer.may(FOLLOW_UP, Access.COMMENT) and sits_on(row.application, Side.BUREAU, viewer)


def _locked(follow_up_id: int, viewer: Viewer) -> FollowUp:
    require(viewer, FOLLOW_UP)
    rows = locking(FollowUp.objects.visible_to(viewer))
    row: FollowUp = rows.get(pk=follow_up_id)
    return row


def _require_open(row: FollowUp) -> None:
    if row.answered_at is not None:
        raise Refused("提出済みの回答は変更できません。")
    if not row.open:
        raise Refused(f"{row.year.wareki}の状況は、{wareki(row.year.first_day)}から回答できます。")


def _record(viewer: Viewer, action: str, row: FollowUp, title: str) -> None:
    after = {
        "project": row.project_id,
        "fiscal_year": row.fiscal_year,
        "continues": row.continues,
        "national_scheme": row.national_scheme,
    }
    audit.record(viewer, action, row.application, title, after=after)
