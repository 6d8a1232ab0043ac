"""What every service of this room asks first: is it visible, is it this office's, is it this duty's.

Not visible raises DoesNotExist (404); visible but not one's own or not one's duty raises PermissionDenied (403) with
a sentence. Rows are read under a lock that holds until the caller's transaction ends.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied

from common import clock
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Action, Viewer
from municipalities.models import Bureau, Municipality

from .. import duties
from ..models import Agreement, Project, Region, RegionMembership, Vision


def require_part(viewer: Viewer, region: Region) -> None:
    """Raise PermissionDenied unless the office is a member today, or the lead bureau."""
    if viewer.is_municipal and is_member(region, viewer.office.code):
        return
    if viewer.is_bureau and viewer.office.code == region.lead_bureau_id:
        return
    raise PermissionDenied("この操作は、この地域の構成市町村または主管振興局だけが行えます。")


def require_lead(viewer: Viewer, region: Region) -> None:
    """Raise PermissionDenied unless the office is the lead municipality, or the lead bureau."""
    if viewer.office.code in (region.lead_id, region.lead_bureau_id):
        return
    raise PermissionDenied(f"この操作は、代表市町村（{region.lead.name}）または主管振興局だけが行えます。")


def is_member(region: Region, municipality_code: str, on: date | None = None) -> bool:
    """Say whether the municipality belongs to the region on the day (today where none is given)."""
    held = RegionMembership.objects.on(on or clock.today())
    return held.filter(region=region, municipality=municipality_code).exists()


def region_for(viewer: Viewer, code: str, action: Action, access: Access) -> Region:
    """Return the locked region for an act of this duty by an office with a part in it."""
    region = locking(Region.objects.visible_to(viewer)).get(pk=code)
    require(viewer, action, access)
    require_part(viewer, region)
    return region


def agreement_for(viewer: Viewer, agreement_id: int, access: Access) -> Agreement:
    """Return the locked version for an act of this duty by an office with a part in its region."""
    agreement = locking(Agreement.objects.visible_to(viewer)).get(pk=agreement_id)
    require(viewer, duties.AGREEMENT, access)
    require_part(viewer, agreement.region)
    return agreement


def vision_for(viewer: Viewer, vision_id: int, access: Access) -> Vision:
    """Return the locked version for an act of this duty by an office with a part in its region."""
    vision = locking(Vision.objects.visible_to(viewer)).get(pk=vision_id)
    require(viewer, duties.VISION, access)
    require_part(viewer, vision.region)
    return vision


def project_for(viewer: Viewer, project_id: int, action: Action, access: Access) -> Project:
    """Return the locked initiative for an act of this duty by an office with a part in its region."""
    project = locking(Project.objects.visible_to(viewer)).get(pk=project_id)
    require(viewer, action, access)
    require_part(viewer, project.region)
    return project


def current(region: Region, revision: int | None) -> None:
    """Raise Conflict where somebody else changed the locked region after the page was shown (None: do not ask)."""
    if revision is not None and region.revision != revision:
        raise Conflict("ほかの人が先にこの地域の情報を変えました。いまの内容を確かめて、もう一度保存してください。")


def bureau_of(municipality_code: str, on: date) -> Bureau:
    """Return the bureau over the municipality on the day. Raises Refused where none is known."""
    town = Municipality.objects.with_bureau(on).get(pk=municipality_code)
    if town.bureau_code is None:
        raise Refused(f"{town.name}を所管する振興局が登録されていません。")
    return Bureau.objects.get(pk=town.bureau_code)


def towns(codes: list[str], on: date, prefecture: str) -> dict[str, Municipality]:
    """Return the municipalities of these codes that exist on the day in the prefecture.

    Raises Refused naming the codes that do not, or that come twice.
    """
    if len(set(codes)) < len(codes):
        raise Refused("同じ市町村が2回指定されています。")
    found = {row.code: row for row in Municipality.objects.existing(on).filter(pk__in=codes, prefecture=prefecture)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise Refused(f"団体コード「{'、'.join(missing)}」の市町村は登録されていません。")
    return found
