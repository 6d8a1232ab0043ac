"""What the views of this room share."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from common.access import require
from common.errors import Erased, Refused
from common.request import Request
from common.viewer import Access, Action, Duty
from municipalities.models import Bureau

from .. import duties
from ..models import Agreement, Region, Vision
from ..plan_overview import bureau_of

PER_PAGE = 20


def region_or_404(request: Request, code: str, action: Action, access: Access = Access.READ) -> Region:
    """The region with what its pages name: 404 if this office may not know it, 403 if it is not one's duty."""
    visible = Region.objects.visible_to(request.viewer)
    joined = visible.select_related("lead", "secretariat", "hub", "lead_bureau", "prefecture")
    region: Region = get_object_or_404(joined, pk=code)
    require(request.viewer, action, access)
    return region


def agreement_or_404(request: Request, pk: int, access: Access = Access.READ) -> Agreement:
    """The version of an agreement: 404 if this office may not know it, 403 if it is not one's duty. Raises Erased."""
    visible = Agreement.objects.visible_to(request.viewer)
    agreement: Agreement = get_object_or_404(visible.select_related("region__lead", "region__lead_bureau"), pk=pk)
    require(request.viewer, duties.AGREEMENT, access)
    if agreement.erased_on is not None:
        raise Erased("agreement", pk)
    return agreement


def vision_or_404(request: Request, pk: int, access: Access = Access.READ) -> Vision:
    """The version of a vision: 404 if this office may not know it, 403 if it is not one's duty. Raises Erased."""
    visible = Vision.objects.visible_to(request.viewer)
    joined = visible.select_related("region__lead", "region__lead_bureau", "agreement", "equivalent_zone")
    vision: Vision = get_object_or_404(joined, pk=pk)
    require(request.viewer, duties.VISION, access)
    if vision.erased_on is not None:
        raise Erased("vision", pk)
    return vision


def require_planner(request: Request, region: Region) -> None:
    """Raise PermissionDenied unless this office writes the papers of the region."""
    if not plans_papers(request, region):
        raise PermissionDenied("協定とビジョンは、構成市町村の企画担当が作成します。")


def require_town(request: Request, sentence: str) -> None:
    """Raise PermissionDenied with the sentence unless a municipality acts."""
    if not request.viewer.is_municipal:
        raise PermissionDenied(sentence)


def require_lead_bureau(request: Request, region: Region) -> None:
    """Raise PermissionDenied unless the lead bureau acts, which alone notes a receipt."""
    if not (request.viewer.is_bureau and request.viewer.office.code == region.lead_bureau_id):
        raise PermissionDenied("受理は主管振興局が記録します。")


def region_trail(region: Region) -> list[tuple[str, str]]:
    """Where an export of the region leads back: the list of regions, then its page."""
    return [
        ("連携地域", reverse("regions:region_list")),
        (region.name, reverse("regions:region_detail", args=[region.pk])),
    ]


def own_bureau(request: Request) -> Bureau:
    """The bureau of the post worn; 404 for every other office."""
    bureau = bureau_of(request.viewer)
    if bureau is None:
        raise Http404
    return bureau


def page_of(rows: QuerySet, request: Request) -> Page:
    """The page asked for; a number beyond the end gives the last one."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def act(request: Request, service: Callable[[], object], done: str, to: str, *args: object) -> HttpResponse:
    """Call the service and go to the page; say in a message what was done or why not."""
    try:
        service()
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
    else:
        messages.success(request, done)
    return redirect(to, *args)


def opinions(request: Request, region: Region, paper: Agreement | Vision) -> dict[str, object]:
    """What the prefecture's offices said about a version, for its members and staff, and whether this person may."""
    viewer, own = request.viewer, Region.objects.own_to(request.viewer)
    closed = paper.state in (Agreement.State.AMENDED, Agreement.State.ENDED, Vision.State.REVISED, Vision.State.EXPIRED)
    allowed = viewer.may(duties.REGION_COMMENT, Access.COMMENT) and not closed
    allowed = allowed and (isinstance(paper, Vision) or viewer.has(Duty.BS, Duty.BM, Duty.HS))
    return {
        "comments": list(paper.comments.filter(region__in=own)),
        "may_comment": allowed and own.filter(pk=region.pk).exists(),
    }


def plans_papers(request: Request, region: Region) -> bool:
    """Whether this office may write agreements and visions of the region: a planner of a member (5, 6: E)."""
    viewer = request.viewer
    own = viewer.is_municipal and region.memberships.filter(municipality=viewer.office.code, left_on=None).exists()
    return own and viewer.may(duties.AGREEMENT, Access.EDIT)
