"""Writing a vision part by part: its words, its initiatives one by one, the expected cost as a grid.

Each part is saved alone. `revision` is the one that the page was drawn from: somebody else's save in between raises
Conflict and writes nothing, so that the page can show both texts. What was consulted on becomes a draft again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.viewer import Access, Viewer
from municipalities.models import Municipality

from ..membership import member_codes
from ..models import Project, Vision, VisionCost, VisionProject, VisionRole
from .access import vision_for
from .projects import ProjectDraft, add_project, draft_of, update_project

S = Vision.State
TEXTS = ("title", "future_image", "issues", "aims")
CHANGED = (
    "ほかの人がこのビジョンを更新しました。入力した内容はこの画面に残っています。"
    "最新の内容を確かめてから、もう一度保存してください。"
)


@dataclass(frozen=True)
class VisionTexts:
    """The words of a version and its term in fiscal years, both ends included."""

    title: str
    term_from_fy: int
    term_to_fy: int
    future_image: str = ""
    issues: str = ""
    aims: str = ""
    agreement_id: int | None = None


@dataclass(frozen=True)
class ItemPart:
    """One initiative as its page holds it. `parts` is what each member does, by 6-digit code; the rest is the
    initiative's own and serves every vision, application and report (`participants` empty: all members)."""

    outline: str
    roles: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    main_field: str = ""
    fields: tuple[str, ...] = ()
    secretariat: str = ""
    participants: tuple[str, ...] = ()
    self_running_plan: str = ""


@dataclass(frozen=True)
class ItemWords:
    """What a field officer writes of her initiative; `part` is the role of her own town."""

    outline: str
    roles: str = ""
    part: str = ""


@transaction.atomic
def save_vision_texts(vision_id: int, texts: VisionTexts, *, revision: int, viewer: Viewer) -> Vision:
    """Save the words and the term. Raises Refused (title, term, cost outside it, a foreign agreement) and Conflict."""
    vision = _open(vision_id, revision, viewer)
    problems = term_problems(texts.title, texts.term_from_fy, texts.term_to_fy)
    outside = VisionCost.objects.filter(item__vision=vision).exclude(
        fiscal_year__range=(texts.term_from_fy, max(texts.term_from_fy, texts.term_to_fy))
    )
    if not problems and (years := sorted(set(outside.values_list("fiscal_year", flat=True)))):
        named = "、".join(FiscalYear(year).wareki for year in years)
        problems.append(f"期間の外になる{named}に事業費があります。先に事業費の表で消してください。")
    if texts.agreement_id and not vision.region.agreements.filter(pk=texts.agreement_id).exists():
        problems.append("この地域の協定ではありません。")
    if problems:
        raise Refused(*problems)
    before = {name: getattr(vision, name) for name in (*TEXTS, "term_from_fy", "term_to_fy", "agreement_id")}
    for name in TEXTS:
        setattr(vision, name, getattr(texts, name).strip())
    vision.term_from_fy, vision.term_to_fy = texts.term_from_fy, texts.term_to_fy
    vision.agreement_id = texts.agreement_id
    after = {name: getattr(vision, name) for name in before}
    return _saved(vision, viewer, "将来像・課題を保存", before, after)


@transaction.atomic
def add_vision_item(vision_id: int, chosen: int | ProjectDraft, *, revision: int, viewer: Viewer) -> VisionProject:
    """List one of the region's initiatives (its id) or register a new one, at the end. Raises Refused, Conflict."""
    vision = _open(vision_id, revision, viewer)
    if isinstance(chosen, ProjectDraft):
        project = add_project(vision.region_id, chosen, viewer=viewer)
    else:
        found = vision.region.projects.exclude(state=Project.State.MERGED).filter(pk=chosen).first()
        if found is None:
            raise Refused("この地域の取組ではありません。")
        project = found
    if vision.items.filter(project=project).exists():
        raise Refused(f"取組「{project.name}」はもう載っています。")
    order = (vision.items.aggregate(last=Max("order"))["last"] or 0) + 1
    item = VisionProject.objects.create(vision=vision, project=project, order=order, outline=project.outline)
    _saved(vision, viewer, f"取組「{project.name}」を載せる", {}, {"project": project.code})
    return item


@transaction.atomic
def save_vision_item(vision_id: int, item_id: int, part: ItemPart, *, revision: int, viewer: Viewer) -> VisionProject:
    """Save one initiative: what this version says of it, and what the initiative itself is. Raises as above."""
    vision = _open(vision_id, revision, viewer)
    item = _item(vision, item_id)
    members = set(member_codes(vision.region_id, clock.today()))
    standing = dict(item.parts.values_list("municipality", "role"))
    roles = {code: role.strip() for code, role in part.parts.items() if role.strip()}
    if strangers := set(roles) - members - set(standing):
        names = Municipality.objects.filter(pk__in=strangers).values_list("name", flat=True)
        raise Refused(f"{'、'.join(names) or '登録されていない市町村'}は、この地域の構成市町村ではありません。")
    before = {"outline": item.outline, "roles": item.roles, "parts": standing}
    item.outline, item.roles = part.outline.strip(), part.roles.strip()
    item.save(update_fields=["outline", "roles"])
    item.parts.all().delete()
    VisionRole.objects.bulk_create(VisionRole(item=item, municipality_id=code, role=roles[code]) for code in roles)
    draft = draft_of(item.project)
    wanted = draft.changed(
        main_field=part.main_field,
        fields=part.fields,
        secretariat=part.secretariat,
        participants=part.participants,
        self_running_plan=part.self_running_plan.strip(),
    )
    if wanted != draft:
        update_project(item.project_id, wanted, viewer=viewer)
    after = {"outline": item.outline, "roles": item.roles, "parts": roles}
    _saved(vision, viewer, f"取組「{item.project.name}」を保存", before, after, touched=wanted != draft)
    return item


@transaction.atomic
def save_entrusted_item(
    vision_id: int, item_id: int, words: ItemWords, *, revision: int, viewer: Viewer
) -> VisionProject:
    """Save what a version says of one initiative, for whom it was entrusted to: its words and her own town's role.

    The caller has made sure that this initiative was given to the person (a field officer). What the initiative is
    (field, secretariat, participants) stays with the planners. Raises Refused, Conflict and PermissionDenied.
    """
    vision = _open(vision_id, revision, viewer, Access.READ)
    item = _item(vision, item_id)
    own = item.parts.filter(municipality=viewer.office.code)
    standing = own.values_list("role", flat=True).first() or ""
    before = {"outline": item.outline, "roles": item.roles, "part": standing}
    item.outline, item.roles = words.outline.strip(), words.roles.strip()
    item.save(update_fields=["outline", "roles"])
    if role := words.part.strip():
        VisionRole.objects.update_or_create(item=item, municipality_id=viewer.office.code, defaults={"role": role})
    else:
        own.delete()
    after = {"outline": item.outline, "roles": item.roles, "part": role}
    _saved(vision, viewer, f"担当する取組「{item.project.name}」を保存", before, after)
    return item


@transaction.atomic
def move_vision_item(vision_id: int, item_id: int, *, up: bool, revision: int, viewer: Viewer) -> Vision:
    """Put an initiative one place up or down; at the end of the list nothing moves. Raises Refused, Conflict."""
    vision = _open(vision_id, revision, viewer)
    rows = list(vision.items.order_by("order", "pk"))
    at = next((place for place, row in enumerate(rows) if row.pk == item_id), None)
    if at is None:
        raise Refused("この取組は、ほかの人が外しました。")
    to = max(0, min(len(rows) - 1, at + (-1 if up else 1)))
    before = [row.project_id for row in rows]
    rows.insert(to, rows.pop(at))
    for order, row in enumerate(rows, 1):
        row.order = order
    VisionProject.objects.bulk_update(rows, ["order"])
    after = {"order": [row.project_id for row in rows]}
    return _saved(vision, viewer, "取組の順を変える", {"order": before}, after)


@transaction.atomic
def remove_vision_item(vision_id: int, item_id: int, *, revision: int, viewer: Viewer) -> Vision:
    """Take an initiative out of this version with its roles and costs; the initiative itself stays."""
    vision = _open(vision_id, revision, viewer)
    item = _item(vision, item_id)
    before = {
        "project": item.project.code,
        "outline": item.outline,
        "roles": item.roles,
        "parts": dict(item.parts.values_list("municipality", "role")),
        "costs": dict(item.costs.values_list("fiscal_year", "amount_yen")),
    }
    name = item.project.name
    item.delete()
    return _saved(vision, viewer, f"取組「{name}」をビジョンから外す", before, {})


@transaction.atomic
def save_vision_costs(
    vision_id: int, costs: Mapping[int, Mapping[int, int | None]], *, revision: int, viewer: Viewer
) -> Vision:
    """Save the grid: whole yen by initiative of the version and fiscal year; None empties a cell. Raises as above."""
    vision = _open(vision_id, revision, viewer)
    items = {item.pk: item for item in vision.items.select_related("project")}
    rows = VisionCost.objects.filter(item__vision=vision)
    before = {(row.item_id, row.fiscal_year): row.amount_yen for row in rows}
    wanted = {(item, year): yen for item, cells in costs.items() for year, yen in cells.items()}
    problems = []
    if any(item not in items for item, _ in wanted):
        problems.append("このビジョンにない取組の事業費が含まれています。")
    if any(year not in vision.years for _, year in wanted):
        problems.append("事業費の年度がビジョンの期間の外にあります。")
    if any(yen is not None and yen < 0 for yen in wanted.values()):
        problems.append("事業費は0以上で入力してください。")
    if problems:
        raise Refused(*problems)
    for item, year in wanted:
        VisionCost.objects.filter(item=item, fiscal_year=year).delete()
    VisionCost.objects.bulk_create(
        VisionCost(item_id=item, fiscal_year=year, amount_yen=yen)
        for (item, year), yen in wanted.items()
        if yen is not None
    )
    after = {key: yen for key, yen in (before | wanted).items() if yen is not None}

    def told(cells: Mapping[tuple[int, int], int]) -> dict[str, int]:
        return {f"{items[item].project.code} {year}": yen for (item, year), yen in sorted(cells.items())}

    return _saved(vision, viewer, "事業費の見込みを保存", told(before), told(after))


def term_problems(title: str, first: int, last: int) -> list[str]:
    """What is wrong with the title and the term, as sentences."""
    problems = []
    if not title.strip():
        problems.append("題名を入力してください。")
    if last < first:
        problems.append("期間の終了年度が開始年度より前です。")
    if last - first >= 20:
        problems.append("期間は20年までにしてください。")
    return problems


def _open(vision_id: int, revision: int, viewer: Viewer, access: Access = Access.EDIT) -> Vision:
    vision = vision_for(viewer, vision_id, access)
    if not vision.is_open:
        raise Refused(f"「{vision.get_state_display()}」のビジョンは書き換えられません。")
    if revision != vision.revision:
        raise Conflict(CHANGED)
    return vision


def _item(vision: Vision, item_id: int) -> VisionProject:
    item: VisionProject | None = vision.items.select_related("project").filter(pk=item_id).first()
    if item is None:
        raise Refused("この取組は、ほかの人がビジョンから外しました。")
    return item


def _saved(
    vision: Vision, viewer: Viewer, title: str, before: dict[str, Any], after: dict[str, Any], *, touched: bool = False
) -> Vision:
    """Count the revision; write one event where something changed (`touched`: elsewhere, but by this save)."""
    vision.revision += 1
    vision.updated_at = clock.now()
    vision.state = S.DRAFT
    vision.save()
    if before != after or touched:
        audit.record(viewer, "vision.edit", vision, f"第{vision.version}版の{title}", before=before, after=after)
    return vision
