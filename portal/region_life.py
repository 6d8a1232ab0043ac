"""What the page of a region says about its life: bureaus, sub-groups, opinions, what this person may do."""

from __future__ import annotations

from datetime import date
from typing import Any

from common.viewer import Access, Duty, Viewer
from municipalities.models import Municipality
from regions import duties
from regions.membership import bureaus_over
from regions.models import Region
from regions.workflow import Side, steps_from


def life_of(region: Region, viewer: Viewer, members: list[Municipality], on: date, *, own: bool) -> dict[str, Any]:
    """Return the context of `regions/_life.html`; sub-groups and opinions only for those with a part in the region."""
    bureaus = bureaus_over(region, members, on)
    leads = viewer.office.code in (region.lead_id, region.lead_bureau_id)
    concurs = viewer.is_bureau and viewer.office.code != region.lead_bureau_id
    return {
        "own": own,
        "bureaus": bureaus,
        "concurs": concurs and own,
        "groups": list(region.groups.acting().for_list()) if own else [],
        "comments": list(region.comments.select_related("agreement", "vision")) if own else [],
        "may_comment": own and viewer.may(duties.REGION_COMMENT, Access.COMMENT) and not viewer.has(Duty.SD),
        "may_close": viewer.may(duties.REGION, Access.SUBMIT) and leads and bool(steps_from(region.state, Side.LEAD)),
        "may_link": viewer.may(duties.REGION_LINK, Access.EDIT)
        and (viewer.is_prefecture or viewer.office.code == region.lead_bureau_id),
    }
