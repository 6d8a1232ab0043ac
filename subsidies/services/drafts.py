"""Writing an application before it is submitted, and while corrections are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from common import attempts, audit, clock
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import Access, Duty, Viewer
from municipalities.models import Jurisdiction, Municipality
from regions import services as regions
from regions.models import Project, Region, RegionMembership

from ..delegated import named, on_behalf, remark
from ..duties import DRAFT
from ..models import (
    Application,
    ApplicationProject,
    Call,
    CostLine,
    Delegation,
    IncomeLine,
    Participant,
    SelfRunningLine,
)
from ..notifying import tell_typing_began
from ..states import State
from .advance import locked

BASIC_FIELDS = (
    "title", "purpose", "plan", "start_on", "end_on", "early_start", "applicant_kind", "lead_document_no",
    "self_running_plan", "other_subsidy", "other_subsidy_note", "cost_sharing_note", "declared", "subgroup_name",
    "subgroup_decided_on",
)  # fmt: skip

BEGINS = "申請は、市町村の企画担当が始めます。振興局の審査担当は、代表市町村の委任があるときに代理で入力できます。"
WRITES = (
    "申請を書けるのは、構成市町村の企画担当と、割り当てられた取組の事業担当、代表市町村から代理入力を委任された振興局の"
    "審査担当です。"
)
KEEPS_LEAD = "代理入力では、委任した市町村を代表から変えられません。代表は、市町村の企画担当が変えます。"
COST_COLUMNS = (
    "number", "category", "description", "quantity", "unit", "unit_price_yen", "amount_yen", "eligible_yen", "is_hard",
    "other_subsidy", "project", "member",
)  # fmt: skip

MERGED_COLUMNS = (*(name for name in COST_COLUMNS[1:] if name not in ("project", "member")), "project_id", "member_id")


@dataclass(frozen=True)
class ShareInput:
    """What a member receives of the grant and pays itself (whole yen)."""

    municipality: str
    split_yen: int
    burden_yen: int
    role: str = ""


@transaction.atomic
def start(*, call_id: int, region_code: str, viewer: Viewer, copy_from: int | None = None) -> Application:
    """Begin an application for a region in an open call (T01), empty or copied from an earlier one.

    Staff of a bureau begin it in the name of the lead, under its delegation (代理入力). Raises PermissionDenied (not a
    planner of a member, no delegation) and Refused (call closed, one already under way).
    """
    if not viewer.may(DRAFT, Access.EDIT) or not viewer.has(Duty.MP, Duty.BS):
        raise PermissionDenied(BEGINS)
    call = locking(Call.objects).select_related("program").get(pk=call_id)
    region = Region.objects.visible_to(viewer).get(pk=region_code)
    today = clock.today()
    members = _members(region, max(today, FiscalYear(call.fiscal_year).first_day))
    delegation = None if viewer.is_municipal else Delegation.objects.held_by(viewer).covering_new(region).first()
    own = viewer.office.code if delegation is None else delegation.municipality_id
    if own not in members:
        raise PermissionDenied(BEGINS)
    if call.state != Call.State.OPEN or today < call.opens_on:
        raise Refused("この募集は受付中ではありません。")
    ended = (State.WITHDRAWN, State.LAPSED, State.NOT_SELECTED, State.REFUSED)
    running = Application.objects.filter(call=call, region=region).exclude(state__in=ended).first()
    if running:
        raise Refused(f"この地域の申請（{running.number}）がすでにあります。続きから作業してください。")
    serial = (Application.objects.filter(call=call).aggregate(last=Max("serial"))["last"] or 0) + 1
    lead = region.lead_id if region.lead_id in members else own
    now = clock.now()
    application = Application.objects.create(
        call=call,
        region=region,
        fiscal_year=call.fiscal_year,
        serial=serial,
        number=f"{call.number_prefix or f'{call.program_id}-{call.fiscal_year}'}-{call.round}-{serial:03d}",
        phase=Application.Phase.REQUEST if call.phases == Call.Phases.BOTH else Application.Phase.GRANT,
        lead_id=lead,
        lead_bureau_id=_bureau_of(lead, region),
        title=region.name,
        state_since=now,
        created_at=now,
        updated_at=now,
        created_by_id=viewer.person,
    )
    Participant.objects.bulk_create(Participant(application=application, municipality_id=code) for code in members)
    if copy_from is not None:
        _copy(Application.objects.visible_to(viewer).get(pk=copy_from, region=region), application)
    audit.record(
        viewer,
        "application.start",
        application,
        ("前年度から複写して作成" if copy_from else "新規作成") + remark(delegation),
        after={"number": application.number, "region": region.pk, "copied_from": copy_from, **named(delegation)},
    )
    if delegation is not None:
        tell_typing_began(application)
    return application


def _members(region: Region, on: Any) -> list[str]:
    return list(
        RegionMembership.objects.filter(region=region, joined_on__lte=on)
        .exclude(left_on__lt=on)
        .order_by("municipality")
        .values_list("municipality", flat=True)
    )


def _bureau_of(municipality: str, region: Region) -> str:
    """The lead bureau is the one of the lead municipality."""
    held = Jurisdiction.objects.filter(municipality=municipality, valid_to=None).select_related("bureau").first()
    if held is None:
        return region.lead_bureau_id
    return held.bureau.parent_id or held.bureau_id


def _copy(old: Application, new: Application) -> None:
    """Carry over what stays the same from year to year; dates, consents and the declaration are given anew."""
    carried = ("title", "purpose", "plan", "self_running_plan", "cost_sharing_note", "applicant_kind", "subgroup_name")
    for name in carried:
        setattr(new, name, getattr(old, name))
    new.requested_yen = old.requested_yen
    new.copied_from = old
    new.save(update_fields=[*carried, "requested_yen", "copied_from"])
    members = set(new.parts.values_list("municipality", flat=True))
    for part in old.parts.filter(municipality__in=members):
        new.parts.filter(municipality=part.municipality_id).update(
            split_yen=part.split_yen, burden_yen=part.burden_yen, role=part.role
        )
    ApplicationProject.objects.bulk_create(_for(new, row) for row in old.items.all())
    CostLine.objects.bulk_create(_for(new, row) for row in old.costs.all())
    IncomeLine.objects.bulk_create(_for(new, row) for row in old.incomes.all())


Line = TypeVar("Line", ApplicationProject, CostLine, IncomeLine)


def _for(application: Application, row: Line) -> Line:
    """The same line, unsaved, for another application."""
    row.pk, row.application = None, application
    return row


def editable(
    application_id: int, viewer: Viewer, revision: int | None = None, *, item_id: int | None = None
) -> Application:
    """Lock an application for writing; `item_id` says that only this initiative's part is written.

    Raises PermissionDenied (not a planner of a participant, nor a field officer to whom the item is assigned, nor
    bureau staff to whom the lead delegated it), Refused (frozen) and Conflict (saved by someone since `revision`).
    """
    application = locked(application_id, viewer)
    if not may_write(application, viewer, item_id=item_id):
        raise PermissionDenied(WRITES)
    if not application.editable:
        sentence = f"「{application.get_state_display()}」の申請は書き換えられません。"
        attempts.note(attempts.Refusal(viewer, "application.edit", application, "申請書の編集", (sentence,)))
        raise Refused(sentence)
    if revision is not None and revision != application.revision:
        raise Conflict(
            "ほかの人がこの申請を更新しました。入力した内容はこの画面に残っています。"
            "最新の内容を確かめてから、もう一度保存してください。"
        )
    return application


def may_write(application: Application, viewer: Viewer, *, item_id: int | None = None) -> bool:
    """Say whether this person may write the application, or this initiative's part of it, while it is open."""
    if not viewer.may(DRAFT, Access.EDIT):
        return False
    if not viewer.is_municipal:
        return on_behalf(application, viewer) is not None
    own = application.lead_id == viewer.office.code
    if not own and not application.parts.filter(municipality=viewer.office.code).exists():
        return False
    if viewer.has(Duty.MP):
        return True
    return item_id is not None and application.items.filter(pk=item_id, assignees=viewer.works_as).exists()


def saved(
    application: Application, viewer: Viewer, title: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Count the revision and write one audit event when something changed; what is typed for a town names that."""
    application.revision += 1
    application.updated_at = clock.now()
    application.save(update_fields=["revision", "updated_at"])
    if before != after:
        delegation = on_behalf(application, viewer)
        after = {**after, **named(delegation)}
        audit.record(viewer, "application.edit", application, title + remark(delegation), before=before, after=after)


@transaction.atomic
def save_basic(
    *, application_id: int, viewer: Viewer, revision: int | None, values: Mapping[str, Any],
    self_running: Iterable[Mapping[str, Any]] | None = None,
) -> Application:  # fmt: skip
    """Save step 1; only names in BASIC_FIELDS are taken. `self_running` replaces the funding lines when given.

    The statement (誓約) is the town's own: PermissionDenied where it is typed under a delegation.
    """
    application = editable(application_id, viewer, revision)
    if "declared" in values and not viewer.is_municipal:
        raise PermissionDenied("記載に相違がないことの確認は、市町村の企画担当が行います。")
    taken = {name: values[name] for name in BASIC_FIELDS if name in values}
    before = {name: getattr(application, name) for name in taken}
    for name, value in taken.items():
        setattr(application, name, value)
    application.save(update_fields=list(taken))
    if self_running is not None:
        application.self_running_lines.all().delete()
        SelfRunningLine.objects.bulk_create(SelfRunningLine(application=application, **line) for line in self_running)
    saved(application, viewer, "基本情報を保存", before, taken)
    return application


@transaction.atomic
def save_members(
    *, application_id: int, viewer: Viewer, revision: int | None, codes: Sequence[str], lead: str
) -> Application:
    """Save step 2: who takes part, and who leads. Shares and consents of those who stay are kept.

    A region that is still an idea (構想) is drawn anew with the same members; a formed one changes by its agreement.
    """
    application = editable(application_id, viewer, revision)
    wanted = list(dict.fromkeys(codes))
    known = set(Municipality.objects.existing(clock.today()).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(known) < len(wanted):
        raise Refused("登録されていない市町村が含まれています。一覧から選び直してください。")
    own = viewer.office.code if viewer.is_municipal else application.lead_id
    if own not in wanted:
        raise Refused("自分の市町村を外すことはできません。" if viewer.is_municipal else KEEPS_LEAD)
    if not viewer.is_municipal and lead != own:
        raise Refused(KEEPS_LEAD)
    if lead not in wanted:
        raise Refused("代表市町村は、選んだ市町村の中から選んでください。")
    before = set(application.parts.values_list("municipality", flat=True))
    leaving = before - set(wanted)
    if application.costs.filter(member__in=leaving).exists():
        raise Refused("外そうとした市町村が負担する経費があります。先に経費の負担団体を変えてください（手順4）。")
    application.parts.filter(municipality__in=leaving).delete()
    Participant.objects.bulk_create(
        Participant(application=application, municipality_id=code) for code in wanted if code not in before
    )
    old_lead = application.lead_id
    application.lead_id = lead
    application.lead_bureau_id = _bureau_of(lead, application.region)
    application.save(update_fields=["lead", "lead_bureau"])
    if application.region.state == Region.State.IDEA:
        regions.redraw_idea(application.region_id, members=wanted, lead=lead, viewer=viewer)
    saved(
        application,
        viewer,
        "構成市町村を保存",
        {"members": sorted(before), "lead": old_lead},
        {"members": sorted(wanted), "lead": lead},
    )
    return application


@transaction.atomic
def save_projects(
    *, application_id: int, viewer: Viewer, revision: int | None, items: Sequence[Mapping[str, Any]]
) -> Application:
    """Save step 3: initiatives of the region with this year's content. `items`: {project, content, scale}."""
    application = editable(application_id, viewer, revision)
    own = set(Project.objects.filter(region=application.region_id).values_list("pk", flat=True))
    wanted = {int(item["project"]): item for item in items}
    if set(wanted) - own:
        raise Refused("この地域の取組ではないものが含まれています。")
    before = list(application.items.values("project", "content", "scale"))
    dropped = {row["project"] for row in before} - set(wanted)
    if application.costs.filter(project__in=dropped).exists():
        raise Refused("外そうとした取組に経費があります。先に経費の取組を変えてください（手順4）。")
    application.items.filter(project__in=dropped).delete()
    for order, (project, item) in enumerate(wanted.items()):
        ApplicationProject.objects.update_or_create(
            application=application,
            project_id=project,
            defaults={"order": order, "content": item.get("content", ""), "scale": item.get("scale", "")},
        )
    after = list(application.items.values("project", "content", "scale"))
    saved(application, viewer, "取組を保存", {"items": before}, {"items": after})
    return application


@transaction.atomic
def save_costs(
    *,
    application_id: int,
    viewer: Viewer,
    revision: int | None,
    costs: Sequence[Mapping[str, Any]],
    incomes: Sequence[Mapping[str, Any]],
    requested_yen: int,
    shares: Sequence[ShareInput],
) -> Application:
    """Save step 4: cost lines, income lines, the requested grant and its split. Lines are renumbered from 1."""
    application = editable(application_id, viewer, revision)
    before = _money(application)
    write_costs(application, costs)
    application.incomes.all().delete()
    IncomeLine.objects.bulk_create(
        IncomeLine(application=application, number=number, **line) for number, line in enumerate(incomes, 1)
    )
    for share in shares:
        application.parts.filter(municipality=share.municipality).update(
            split_yen=share.split_yen, burden_yen=share.burden_yen, role=share.role
        )
    application.requested_yen = requested_yen
    application.save(update_fields=["requested_yen"])
    saved(application, viewer, "経費を保存", before, _money(application))
    return application


@transaction.atomic
def note_form(application: Application, viewer: Viewer, title: str) -> None:
    """Whoever takes a form of the application out of the house is on record. Raises PermissionDenied, Refused."""
    editable(application.pk, viewer)
    audit.record(viewer, "application.form", application, f"{title}の様式を書き出し")


@transaction.atomic
def merge_costs(
    *,
    application_id: int,
    viewer: Viewer,
    lines: Mapping[int, Mapping[str, Any]] | None = None,
    dropped: Collection[int] = (),
) -> Application:
    """Change or add cost lines by their number (only the columns given), drop others; every other line stays.

    New lines follow the present ones; the lines that remain are numbered from 1 again.
    """
    application = editable(application_id, viewer)
    before = _money(application)
    present = {line.number: line for line in application.costs.order_by("number")}
    merged = {
        number: {name: getattr(line, name) for name in MERGED_COLUMNS}
        for number, line in present.items()
        if number not in dropped
    }
    for number, values in sorted((lines or {}).items()):
        merged[number] = merged.get(number, {}) | dict(values)
    write_costs(application, list(merged.values()))
    saved(application, viewer, "経費明細をExcelから取込", before, _money(application))
    return application


def write_costs(application: Application, lines: Sequence[Mapping[str, Any]]) -> None:
    """Put the cost lines in the place of the present ones, numbered from 1, inside the caller's transaction.

    A line that keeps its number keeps its row, so that a cut made in an earlier review (減額査定) stays with it; with
    a line that is gone, its cut is gone.
    """
    present = {line.number: line for line in application.costs.all()}
    for number, values in enumerate(lines, 1):
        line = present.pop(number, None) or CostLine(application=application, number=number)
        for name, value in values.items():
            setattr(line, name, value)
        line.save()
    application.reductions.filter(cost__in=present.values()).delete()
    application.costs.filter(pk__in=[line.pk for line in present.values()]).delete()


def _money(application: Application) -> dict[str, Any]:
    return {
        "requested_yen": application.requested_yen,
        "costs": list(application.costs.values_list(*COST_COLUMNS)),
        "incomes": list(application.incomes.values_list("number", "kind", "description", "amount_yen", "member")),
        "split": list(application.parts.values_list("municipality", "split_yen", "burden_yen", "role")),
    }


def even_split(total_yen: int, codes: Sequence[str]) -> dict[str, int]:
    """Return total split evenly in whole yen; the remainder goes to the first codes, one yen each."""
    if not codes:
        return {}
    share, rest = divmod(total_yen, len(codes))
    return {code: share + (1 if index < rest else 0) for index, code in enumerate(codes)}
