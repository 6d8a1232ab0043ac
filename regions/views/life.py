"""The life of a region: its states, what goes on after it, who carries what, what other offices say."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import require
from common.errors import Conflict, Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Duty, Viewer

from .. import duties, services
from ..exports import post_columns, state_columns
from ..forms import LinkForm, OpinionForm, StateForm
from ..models import Agreement, NationalZone, Region, RegionLink, Vision
from ..posts import Grid, grid_of
from ..services.access import require_part
from ..services.posts import Posts
from ..ties import open_grants
from ..workflow import Side, steps_from
from .common import region_or_404, region_trail


def region_state(request: Request, code: str) -> HttpResponse:
    """Pause, resume, end, or move to a national scheme: what is possible now, what stands in the way, the history."""
    region = region_or_404(request, code, duties.REGION, Access.SUBMIT)
    viewer = request.viewer
    if viewer.office.code not in (region.lead_id, region.lead_bureau_id):
        raise PermissionDenied(f"この操作は、代表市町村（{region.lead.name}）または主管振興局だけが行えます。")
    steps = steps_from(region.state, Side.LEAD)
    links = _link_choices(region, viewer) if viewer.may(duties.REGION_LINK, Access.EDIT) else None
    posted = request.POST if request.method == "POST" else None
    form = StateForm(posted, steps=steps, links=links, initial={"on": clock.today()})
    if posted is not None and form.is_valid():
        try:
            services.change_state(region.pk, viewer=viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{region.name}の状態を変え、構成市町村に知らせました。")
            return redirect("regions:region_detail", region.pk)
    context = {
        "region": region,
        "form": form,
        "steps": steps,
        "states": list(region.states.all())[::-1],
        "running": open_grants(region.pk),
        "agreement": region.agreements.filter(state="in_force").first(),
    }
    return render(request, "regions/region_state.html", context, status=422 if form.errors else 200)


def region_states_export(request: Request, code: str) -> HttpResponseBase:
    """The states of the region with their days, written out."""
    region = region_or_404(request, code, duties.REGION)
    rows = list(region.states.all())[::-1]
    return export_page(request, Export(f"状態の履歴_{region.pk}", state_columns(), rows, region_trail(region)))


def region_links(request: Request, code: str) -> HttpResponse:
    """In which regions and zones this one goes on, and what it continues."""
    region = region_or_404(request, code, duties.REGION_LINK, Access.EDIT)
    viewer = request.viewer
    _require_linking(region, viewer)
    posted = request.POST if request.method == "POST" else None
    form = LinkForm(posted, **_link_choices(region, viewer))
    if posted is not None and form.is_valid():
        try:
            services.link_successor(region.pk, viewer=viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "後継を登録しました。")
            return redirect("regions:region_links", region.pk)
    context = {
        "region": region,
        "form": form,
        "later": list(region.successor_links.select_related("successor", "successor_zone").order_by("pk")),
        "earlier": list(region.predecessor_links.select_related("predecessor").order_by("pk")),
    }
    return render(request, "regions/region_links.html", context, status=422 if form.errors else 200)


@require_POST
def region_unlink(request: Request, code: str, link: int) -> HttpResponse:
    """Take a link out again, with the reason."""
    region = region_or_404(request, code, duties.REGION_LINK, Access.EDIT)
    row: RegionLink = get_object_or_404(region.successor_links, pk=link)
    try:
        services.unlink(row.pk, viewer=request.viewer, reason=request.POST.get("reason", ""))
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
    else:
        messages.success(request, "後継の登録を取り消しました。")
    return redirect("regions:region_links", region.pk)


def region_posts(request: Request, code: str) -> HttpResponse:
    """Lead and secretariat of every initiative on one grid, and how the posts are shared."""
    region = region_or_404(request, code, duties.REGION)
    if not Region.objects.own_to(request.viewer).filter(pk=region.pk).exists():
        raise PermissionDenied("事務局の分担は、この地域の構成市町村、管内の振興局と本庁だけが見られます。")
    may_edit = request.viewer.may(duties.REGION, Access.EDIT) and _has_part(request.viewer, region)
    grid = grid_of(region, clock.today())
    problems: list[str] = []
    typed: dict[int, Posts] = {}
    if request.method == "POST":
        require(request.viewer, duties.REGION, Access.EDIT)
        require_part(request.viewer, region)
        typed = _typed(request, grid)
        revision = request.POST.get("revision", "")
        try:
            changed = services.share_posts(
                region.pk,
                chosen=typed,
                viewer=request.viewer,
                revision=int(revision) if revision.isdecimal() else 0,
            )
        except Conflict as conflict:
            problems = [*conflict.problems, *grid.differences(typed)]
        except Refused as refused:
            problems = refused.problems
        else:
            told = (
                f"取組{len(changed)}件の代表・事務局を変えました。" if changed else "前と同じです。変更はありません。"
            )
            messages.success(request, told)
            return redirect("regions:region_posts", region.pk)
    context = {"region": region, "grid": grid.shown(typed), "may_edit": may_edit, "problems": problems}
    return render(request, "regions/region_posts.html", context, status=422 if problems else 200)


def region_posts_export(request: Request, code: str) -> HttpResponseBase:
    """The grid, written out."""
    region = region_or_404(request, code, duties.REGION)
    if not Region.objects.own_to(request.viewer).filter(pk=region.pk).exists():
        raise PermissionDenied("事務局の分担は、この地域の構成市町村、管内の振興局と本庁だけが見られます。")
    rows = grid_of(region, clock.today()).lines
    trail = [*region_trail(region)[:2], ("代表・事務局の分担", reverse("regions:region_posts", args=[region.pk]))]
    return export_page(request, Export(f"事務局の分担_{region.pk}", post_columns(), rows, trail))


def region_comment(request: Request, code: str) -> HttpResponse:
    """An opinion about a region that the own office does not lead."""
    region = region_or_404(request, code, duties.REGION_COMMENT, Access.COMMENT)
    if not Region.objects.own_to(request.viewer).filter(pk=region.pk).exists():
        raise PermissionDenied("意見は、構成市町村を管内に含む振興局と本庁だけが書けます。")
    papers = _papers_to_comment(request, region)
    form = OpinionForm(
        request.POST if request.method == "POST" else None,
        papers=papers,
        initial={"about": request.GET.get("about", papers[0][0])},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.comment_region(region.pk, viewer=request.viewer, **form.draft)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "意見を記録し、代表市町村と主管振興局に知らせました。")
            kind, _, pk = form.cleaned_data["about"].partition("-")
            return redirect(f"regions:{kind}_detail", pk) if pk else redirect("regions:region_detail", region.pk)
    comments = region.comments.select_related("agreement", "vision")
    context = {"region": region, "form": form, "comments": comments}
    return render(request, "regions/region_comment.html", context, status=422 if form.errors else 200)


def _papers_to_comment(request: Request, region: Region) -> list[tuple[str, str]]:
    """The region and the versions this office may know that still count or are being made, as choices."""
    viewer = request.viewer
    agreements = Agreement.objects.visible_to(viewer).filter(region=region).exclude(state__in=["amended", "ended"])
    visions = Vision.objects.visible_to(viewer).filter(region=region).exclude(state__in=["revised", "expired"])
    of_visions = [(f"vision-{row.pk}", f"ビジョン 第{row.version}版（{row.get_state_display()}）") for row in visions]
    if not viewer.has(Duty.BS, Duty.BM, Duty.HS):
        if not of_visions:
            raise PermissionDenied("関係部局の意見は、ビジョンに書きます。この地域にはまだビジョンがありません。")
        return of_visions
    return [
        ("region", "地域全体"),
        *((f"agreement-{row.pk}", f"協定 第{row.version}版（{row.get_state_display()}）") for row in agreements),
        *of_visions,
    ]


def _typed(request: Request, grid: Grid) -> dict[int, Posts]:
    """What was chosen for each initiative; unknown codes are the service's to refuse."""
    return {
        line.project.pk: Posts(
            request.POST.get(f"lead-{line.project.pk}", ""), request.POST.get(f"secretariat-{line.project.pk}", "")
        )
        for line in grid.lines
        if f"secretariat-{line.project.pk}" in request.POST
    }


def _has_part(viewer: Viewer, region: Region) -> bool:
    member = viewer.is_municipal and region.memberships.filter(municipality=viewer.office.code, left_on=None).exists()
    return member or viewer.office.code == region.lead_bureau_id


def _require_linking(region: Region, viewer: Viewer) -> None:
    if viewer.is_bureau and viewer.office.code != region.lead_bureau_id:
        raise PermissionDenied("前身・後継は、主管振興局か本庁が登録します。")


def _link_choices(region: Region, viewer: Viewer) -> dict[str, Any]:
    """The zones and regions of the prefecture in which this one may go on."""
    later = Region.objects.visible_to(viewer).filter(prefecture=region.prefecture_id).exclude(pk=region.pk)
    return {
        "zones": NationalZone.objects.of_prefecture(region.prefecture_id),
        "regions": later.order_by("code"),
    }


urls = [
    path("regions/<str:code>/state/", region_state, name="region_state"),
    path("regions/<str:code>/states/export/", region_states_export, name="region_states_export"),
    path("regions/<str:code>/links/", region_links, name="region_links"),
    path("regions/<str:code>/links/<int:link>/remove/", region_unlink, name="region_unlink"),
    path("regions/<str:code>/posts/", region_posts, name="region_posts"),
    path("regions/<str:code>/posts/export/", region_posts_export, name="region_posts_export"),
    path("regions/<str:code>/comment/", region_comment, name="region_comment"),
]
