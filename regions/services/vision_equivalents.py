"""The vision of a national zone that stands for a region's own (同等), so that nobody writes twice."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from common import audit, clock, files
from common.errors import Conflict, Refused
from common.models import StoredFile
from common.viewer import Access, Viewer

from .. import duties
from ..models import NationalZone, Project, Region, Vision, VisionProject
from ..vision_check import COPY
from ..zone_shares import zone_share
from .access import region_for, vision_for
from .projects import ProjectDraft, add_project
from .vision_parts import CHANGED, term_problems
from .visions import require_new_version

S = Vision.State


@dataclass(frozen=True)
class EquivalentDraft:
    """What a person typed: the zone, the title and term of its vision, where it is found, and its initiatives by
    name: those the region has already (ids) and `new` ones."""

    zone: str
    title: str
    term_from_fy: int
    term_to_fy: int
    reference: str = ""
    projects: tuple[int, ...] = ()
    new: tuple[ProjectDraft, ...] = ()


@transaction.atomic
def register_equivalent(
    region_code: str, draft: EquivalentDraft, *, viewer: Viewer, upload: File | None = None
) -> Vision:
    """Begin the region's next version as the vision of a zone; the lead's approver adopts it like any other.

    Raises Refused: most members are not in the zone, another version is in the making, the title or term is missing.
    """
    region = region_for(viewer, region_code, duties.VISION, Access.EDIT)
    require_new_version(region)
    version = (region.visions.aggregate(last=Max("version"))["last"] or 0) + 1
    vision = Vision(region=region, version=version)
    _write(vision, draft, viewer, upload)
    audit.record(
        viewer,
        "vision.equivalent",
        region,
        f"{vision.title}をビジョン第{version}版と同等として登録",
        after=_state(vision),
    )
    return vision


@transaction.atomic
def update_equivalent(
    vision_id: int, draft: EquivalentDraft, *, revision: int, viewer: Viewer, upload: File | None = None
) -> Vision:
    """Change it before adoption; initiatives that are no longer ticked leave the list. Raises Refused, Conflict."""
    vision = vision_for(viewer, vision_id, Access.EDIT)
    if not vision.is_open or vision.equivalent_zone_id is None:
        raise Refused(f"「{vision.get_state_display()}」のビジョンは書き換えられません。")
    if revision != vision.revision:
        raise Conflict(CHANGED)
    before = _state(vision)
    vision.revision += 1
    _write(vision, draft, viewer, upload)
    audit.record(
        viewer, "vision.edit", vision, f"第{vision.version}版の登録内容を保存", before=before, after=_state(vision)
    )
    return vision


def _write(vision: Vision, draft: EquivalentDraft, viewer: Viewer, upload: File | None) -> None:
    region, today = vision.region, clock.today()
    problems = term_problems(draft.title, draft.term_from_fy, draft.term_to_fy)
    if not NationalZone.objects.filter(pk=draft.zone).exists():
        problems.append("圏域を選んでください。")
    elif not (share := zone_share(region.pk, draft.zone, today)).counts:
        problems.append(share.sentence)
    own = set(region.projects.exclude(state=Project.State.MERGED).values_list("pk", flat=True))
    if not own.issuperset(draft.projects):
        problems.append("この地域の取組ではないものが含まれています。")
    names = [one.name.strip() for one in draft.new]
    standing = set(Project.objects.filter(region=region).values_list("name", flat=True))
    if twice := sorted(name for name in set(names) if names.count(name) > 1 or name in standing):
        problems.append(f"同じ名前の取組があります：{'、'.join(twice)}。登録済みの取組から選んでください。")
    if problems:
        raise Refused(*problems)
    vision.title, vision.reference = draft.title.strip(), draft.reference.strip()
    vision.term_from_fy, vision.term_to_fy = draft.term_from_fy, draft.term_to_fy
    vision.equivalent_zone_id = draft.zone
    vision.state, vision.updated_at = S.DRAFT, clock.now()
    vision.save()
    _list(vision, draft, region, viewer)
    if upload is not None:
        for old in StoredFile.objects.of(vision).filter(label=COPY):
            files.remove(old, viewer=viewer, reason="新しい写しに差し替え")
        files.store(upload, subject=vision, label=COPY, viewer=viewer)


def _list(vision: Vision, draft: EquivalentDraft, region: Region, viewer: Viewer) -> None:
    """The ticked initiatives in their order, then the new ones; what stays keeps what was written of it."""
    vision.items.exclude(project__in=draft.projects).delete()
    listed = set(vision.items.values_list("project", flat=True))
    added = [Project.objects.get(pk=pk) for pk in draft.projects if pk not in listed]
    added += [add_project(region.pk, one, viewer=viewer) for one in draft.new]
    last = vision.items.aggregate(last=Max("order"))["last"] or 0
    VisionProject.objects.bulk_create(
        VisionProject(vision=vision, project=project, order=order, outline=project.outline)
        for order, project in enumerate(added, last + 1)
    )


def _state(vision: Vision) -> dict[str, object]:
    return {
        "version": vision.version,
        "zone": vision.equivalent_zone_id,
        "title": vision.title,
        "term": [vision.term_from_fy, vision.term_to_fy],
        "reference": vision.reference,
        "projects": list(vision.items.values_list("project__code", flat=True)),
    }
