"""Who carries what in a region: its lead and type, and lead and secretariat of each initiative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.locks import locking
from common.viewer import Access, Viewer

from .. import duties
from ..models import Project, Region, RegionMembership
from .access import bureau_of, current, region_for
from .life import refuse_closed

OVER = (Project.State.ENDED, Project.State.MERGED)


@dataclass(frozen=True)
class Posts:
    """Lead and secretariat of one initiative: 6-digit codes, empty where nobody is named."""

    lead: str = ""
    secretariat: str = ""


@transaction.atomic
def set_lead(
    region_code: str, *, lead: str, viewer: Viewer, secretariat: str = "", revision: int | None = None
) -> Region:
    """Change lead and secretariat among the members; the lead bureau follows the lead. Raises Refused, Conflict."""
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    current(region, revision)
    secretariat = secretariat or lead
    members = _members(region)
    if lead not in members or secretariat not in members:
        raise Refused("代表市町村と事務局市町村は、いまの構成市町村から選んでください。")
    before = {"lead": region.lead_id, "secretariat": region.secretariat_id, "lead_bureau": region.lead_bureau_id}
    region.lead_id, region.secretariat_id = lead, secretariat
    region.lead_bureau = bureau_of(lead, clock.today())
    region.lead_basis = "sourced"
    region.revision += 1
    region.save(update_fields=["lead", "secretariat", "lead_bureau", "lead_basis", "revision"])
    after = {"lead": lead, "secretariat": secretariat, "lead_bureau": region.lead_bureau_id}
    audit.record(viewer, "region.set_lead", region, "代表・事務局を変更", before=before, after=after)
    return region


@transaction.atomic
def set_type(region_code: str, *, hub: str, viewer: Viewer, revision: int | None = None) -> Region:
    """Make the region one with a hub (`hub`: code of a member) or a flat one (empty). Raises Refused, Conflict."""
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    current(region, revision)
    if hub and hub not in _members(region):
        raise Refused("中心都市は、いまの構成市町村から選んでください。")
    before = {"type": region.type, "hub": region.hub_id}
    region.type, region.hub_id = (Region.Type.HUB, hub) if hub else (Region.Type.FLAT, None)
    after = {"type": region.type, "hub": region.hub_id}
    if after == before:
        raise Refused("類型は、前と同じです。")
    region.revision += 1
    region.save(update_fields=["type", "hub", "revision"])
    audit.record(
        viewer, "region.set_type", region, f"類型を{region.get_type_display()}に変更", before=before, after=after
    )
    return region


@transaction.atomic
def share_posts(
    region_code: str, *, chosen: Mapping[int, Posts], viewer: Viewer, revision: int | None = None
) -> list[Project]:
    """Write lead and secretariat of the region's initiatives (`chosen`: project id → posts) in one step.

    Both have to be members, and take part where an initiative names its participants. Returns the initiatives that
    changed; writes one audit event each. Raises Refused (with one sentence for each initiative) and Conflict.
    """
    region = region_for(viewer, region_code, duties.REGION, Access.EDIT)
    refuse_closed(region)
    current(region, revision)
    members = _members(region)
    rows = region.projects.filter(pk__in=chosen).exclude(state__in=OVER).prefetch_related("participants")
    projects = list(locking(rows))
    problems, changed = [], []
    for project in projects:
        posts = chosen[project.pk]
        able = {town.pk for town in project.participants.all()} or members
        if any(code and code not in members & able for code in (posts.lead, posts.secretariat)):
            problems.append(f"「{project.name}」：代表と事務局は、取組に参加する構成市町村から選んでください。")
            continue
        before = {"lead": project.lead_id, "secretariat": project.secretariat_id}
        after = {"lead": posts.lead or None, "secretariat": posts.secretariat or None}
        if before == after:
            continue
        project.lead_id, project.secretariat_id = after["lead"], after["secretariat"]
        project.save(update_fields=["lead", "secretariat"])
        audit.record(
            viewer, "project.posts", region, f"取組「{project.name}」の代表・事務局", before=before, after=after
        )
        changed.append(project)
    if problems:
        raise Refused(*problems)
    if changed:
        region.revision += 1
        region.save(update_fields=["revision"])
    return changed


def _members(region: Region) -> set[str]:
    held = RegionMembership.objects.on(clock.today()).filter(region=region)
    return set(held.values_list("municipality", flat=True))
