"""Progress reports (遂行状況): opened and written by the towns, submitted by the lead, read by the bureau."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock, notices
from common.access import require
from common.errors import Conflict, Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer

from ..approved_plan import approved_costs
from ..duties import PROGRESS
from ..issuing import issue_paper
from ..models import Application, ProgressItem, ProgressReport, ProgressSpent
from ..progress_days import wanted_of
from ..states import State
from ..workflow import Side
from .advance import locked, sits_on

WRITES = "遂行状況は、参加市町村の企画担当と、取組を割り当てられた事業担当が作成します。"


@dataclass(frozen=True)
class ItemInput:
    """What was typed for one initiative; `done_percent` is a whole number from 0 to 100, None for an empty cell."""

    done_percent: int | None
    text: str = ""


@dataclass(frozen=True)
class ProgressDraft:
    """Everything typed into a progress report: `items` by the id of `ApplicationProject`, `spent` (whole yen) by 節."""

    problems: str = ""
    outlook: str = ""
    document_no: str = ""
    items: Mapping[int, ItemInput] = field(default_factory=dict)
    spent: Mapping[str, int | None] = field(default_factory=dict)


def progress_accepted(application: Application, on: date | None = None) -> bool:
    """Whether no progress report stands between this grant and an advance: none was due by the day, or it is accepted.

    One query at most.
    """
    wanted = wanted_of(application)
    if wanted is None or (on or clock.today()) <= wanted.due_on:
        return True
    accepted = application.progress_reports.filter(state=ProgressReport.State.ACCEPTED, as_of__gte=wanted.as_of)
    return bool(accepted.exists())


@transaction.atomic
def begin(*, application_id: int, as_of: date, viewer: Viewer) -> ProgressReport:
    """Open a progress report as of a day, with the initiatives and the 節 of the plan that counts now.

    Raises Refused (the work is not under way, a day to come, one for this day is there), PermissionDenied.
    """
    application = locked(application_id, viewer)
    _require_planner(application, viewer)
    problems = []
    if application.state not in (State.RUNNING, State.SUSPENDED):
        problems.append(f"「{application.get_state_display()}」の申請では、遂行状況を報告できません。")
    if as_of > clock.today():
        problems.append("基準日に将来の日は指定できません。")
    if application.start_on is not None and as_of < application.start_on:
        problems.append(f"基準日が開始日（{wareki(application.start_on)}）より前です。")
    if application.progress_reports.filter(as_of=as_of).exists():
        problems.append(f"{wareki(as_of)}現在の遂行状況報告はすでにあります。")
    if problems:
        raise Refused(*problems)
    wanted = wanted_of(application)
    due_on = wanted.due_on if wanted is not None and as_of == wanted.as_of else None
    report = ProgressReport.objects.create(application=application, as_of=as_of, due_on=due_on, opened_at=clock.now())
    ProgressItem.objects.bulk_create(ProgressItem(progress=report, item=item) for item in application.items.all())
    planned: dict[str, int] = {}
    for line in approved_costs(application).values():
        planned[line.category] = planned.get(line.category, 0) + line.amount_yen
    ProgressSpent.objects.bulk_create(
        ProgressSpent(progress=report, category=category, planned_yen=yen) for category, yen in planned.items()
    )
    audit.record(viewer, "progress.begin", application, f"遂行状況報告の作成開始（{wareki(as_of)}現在）")
    return report


@transaction.atomic
def save_progress(
    *, application_id: int, as_of: date, draft: ProgressDraft, revision: int, viewer: Viewer
) -> ProgressReport:
    """Keep what was typed; a field officer keeps only the initiatives that are assigned to her.

    Raises Conflict when somebody else saved since `revision`, Refused with what cannot be kept, PermissionDenied.
    """
    application = locked(application_id, viewer)
    own = writable_items(application, viewer)
    report = _draft(application, as_of)
    if report.revision != revision:
        raise Conflict("ほかの人が先に保存しました。内容を確かめてから、もう一度保存してください。")
    if problems := list(_problems(draft)):
        raise Refused(*problems)
    items = {row.item_id: row for row in report.items.all() if row.item_id in own}
    for pk, typed in draft.items.items():
        if pk in items:
            items[pk].done_percent, items[pk].text = typed.done_percent, typed.text.strip()
    ProgressItem.objects.bulk_update(items.values(), ["done_percent", "text"])
    if viewer.has(Duty.MP):
        spent = {row.category: row for row in report.spent.all()}
        for category in draft.spent.keys() & spent.keys():
            spent[category].spent_yen = draft.spent[category]
        ProgressSpent.objects.bulk_update(spent.values(), ["spent_yen"])
        for name in ("problems", "outlook", "document_no"):
            setattr(report, name, getattr(draft, name).strip())
    report.revision += 1
    report.saved_at = clock.now()
    report.save()
    audit.record(viewer, "progress.save", application, "遂行状況報告を保存", after={"revision": report.revision})
    return report


@transaction.atomic
def submit(*, application_id: int, as_of: date, viewer: Viewer) -> ProgressReport:
    """The lead's approver submits it; D-15 is issued. Raises Refused with everything that is missing."""
    application = locked(application_id, viewer)
    require(viewer, PROGRESS, Access.SUBMIT)
    if not (sits_on(application, Side.LEAD, viewer) and viewer.has(Duty.MA)):
        raise PermissionDenied("遂行状況は、代表市町村の承認者が報告します。")
    report = _draft(application, as_of)
    if problems := missing_in(report):
        raise Refused(*problems)
    report.state, report.submitted_at, report.submitted_by_id = report.State.SUBMITTED, clock.now(), viewer.person
    report.save(update_fields=["state", "submitted_at", "submitted_by"])
    issue_paper("D-15", application, viewer, report=report)
    audit.record(viewer, "progress.submit", application, "遂行状況報告の提出", after={"as_of": as_of})
    _tell(application, f"{OfficeKind.BUREAU}:{application.lead_bureau_id}", (Duty.BS,), "遂行状況が報告されました")
    return report


@transaction.atomic
def accept(*, application_id: int, as_of: date, viewer: Viewer, comment: str = "") -> ProgressReport:
    """The lead bureau's reviewer has read it and takes it as it is, with a comment or without."""
    application, report = _submitted(application_id, as_of, viewer)
    report.state, report.accepted_at, report.accepted_by_id = report.State.ACCEPTED, clock.now(), viewer.person
    report.comment = comment.strip()
    report.save(update_fields=["state", "accepted_at", "accepted_by", "comment"])
    audit.record(viewer, "progress.accept", application, "遂行状況報告の確認", after={"as_of": as_of}, reason=comment)
    _tell(application, _lead(application), (Duty.MP, Duty.MA), "遂行状況の報告が確認されました")
    return report


@transaction.atomic
def send_back(*, application_id: int, as_of: date, viewer: Viewer, comment: str) -> ProgressReport:
    """The lead bureau's reviewer asks for more; the comment says for what."""
    application, report = _submitted(application_id, as_of, viewer)
    if not comment.strip():
        raise Refused("補ってほしいことを入力してください。")
    report.state, report.comment = report.State.DRAFT, comment.strip()
    report.save(update_fields=["state", "comment"])
    audit.record(viewer, "progress.return", application, "遂行状況報告の差戻し", reason=comment.strip())
    _tell(application, _lead(application), (Duty.MP, Duty.MA), "遂行状況の報告に、補ってほしいことがあります")
    return report


def missing_in(report: ProgressReport) -> list[str]:
    """What still keeps a progress report from being submitted, in Japanese sentences; two queries."""
    said = []
    for row in report.items.select_related("item__project"):
        if row.done_percent is None:
            said.append(f"取組「{row.item.project.name}」の進み具合（％）を入力してください。")
        if not row.text:
            said.append(f"取組「{row.item.project.name}」の実施した内容を入力してください。")
    empty = [row.get_category_display() for row in report.spent.all() if row.spent_yen is None]
    if empty:
        said.append(f"支出済額のない節があります（{'、'.join(empty)}）。支出がないときは0としてください。")
    if not report.outlook:
        said.append("「今後の見通し」を入力してください。")
    return said


def writable_items(application: Application, viewer: Viewer) -> set[int]:
    """The ids of the initiatives that this person reports on. Raises PermissionDenied where there is none."""
    require(viewer, PROGRESS, Access.EDIT)
    if not sits_on(application, Side.PARTICIPANT, viewer):
        raise PermissionDenied(WRITES)
    items = application.items.all() if viewer.has(Duty.MP) else application.items.filter(assignees=viewer.works_as)
    found = set(items.values_list("pk", flat=True))
    if not found and not viewer.has(Duty.MP):
        raise PermissionDenied(WRITES)
    return found


def _require_planner(application: Application, viewer: Viewer) -> None:
    require(viewer, PROGRESS, Access.EDIT)
    if not (viewer.has(Duty.MP) and sits_on(application, Side.PARTICIPANT, viewer)):
        raise PermissionDenied("遂行状況の報告は、参加市町村の企画担当が始めます。")


def _draft(application: Application, as_of: date) -> ProgressReport:
    report = locking(application.progress_reports).filter(as_of=as_of).first()
    if report is None or report.state != ProgressReport.State.DRAFT:
        raise Refused("作成中の遂行状況報告ではありません。ほかの人がすでに提出した可能性があります。")
    return report


def _submitted(application_id: int, as_of: date, viewer: Viewer) -> tuple[Application, ProgressReport]:
    application = locked(application_id, viewer)
    require(viewer, PROGRESS, Access.COMMENT)
    if not (sits_on(application, Side.BUREAU, viewer) and viewer.has(Duty.BS)):
        raise PermissionDenied("遂行状況の報告は、主管の振興局の審査担当が確認します。")
    report = locking(application.progress_reports).filter(as_of=as_of).first()
    if report is None or report.state != ProgressReport.State.SUBMITTED:
        raise Refused("確認を待つ遂行状況報告ではありません。ほかの人がすでに処理した可能性があります。")
    return application, report


def _problems(draft: ProgressDraft) -> list[str]:
    wrong = [typed for typed in draft.items.values() if not 0 <= (typed.done_percent or 0) <= 100]
    said = ["進み具合は0から100までの整数（％）で入力してください。"] if wrong else []
    if any(yen is not None and yen < 0 for yen in draft.spent.values()):
        said.append("支出済額は0以上の整数（円）で入力してください。")
    return said


def _lead(application: Application) -> str:
    return f"{OfficeKind.MUNICIPALITY}:{application.lead_id}"


def _tell(application: Application, office_key: str, duties: tuple[Duty, ...], words: str) -> None:
    notices.send(office_key, duties, f"{words}：{application.region.name}", subject=application)
