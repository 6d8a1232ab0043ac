"""Absences and deputies: the list, entering, what a deputy did, ending."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from common import audit, clock
from common.access import needs
from common.errors import Refused
from common.models import AuditEvent
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access, Duty

from .. import services
from ..duties import ABSENCE
from ..exports import absence_columns
from ..forms import AbsenceForm
from ..models import Absence, Post
from ..querysets import AbsenceQuerySet, PostQuerySet

PER_PAGE = 20
SHOWN = timedelta(days=400)  # how far back the list goes
Choices = list[tuple[str, str]]


@needs(ABSENCE)
def absence_list(request: Request) -> HttpResponse:
    """Who is away, was or will be, in the own office; everywhere for the administrator."""
    page = Paginator(_rows(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "today": clock.today(), "may_enter": request.viewer.deputy_for is None}
    return render(request, "accounts/absence_list.html", context)


@needs(ABSENCE)
def absence_export(request: Request) -> HttpResponseBase:
    """The absences of the list, written out."""
    trail = [("不在と代理", reverse("accounts:absence_list"))]
    return export_page(request, Export("不在と代理", absence_columns(), _rows(request), trail))


@needs(ABSENCE, Access.EDIT)
@require_http_methods(["GET", "POST"])
def absence_new(request: Request) -> HttpResponse:
    """Enter one's own absence, or that of somebody one answers for."""
    people, deputies = _choices(request)
    own = f"{request.viewer.post_id}:{request.viewer.user_id}"
    form = AbsenceForm(people, deputies, request.POST or None, initial={"who": own})
    if request.method == "POST" and form.is_valid():
        try:
            absence = services.enter_absence(services.AbsenceDraft(**form.told), viewer=request.viewer)
        except Refused as refused:
            form.add_error(None, list(refused.problems))
        else:
            messages.success(request, "不在を登録しました。")
            return redirect("accounts:absence_detail", absence.pk)
    return render(request, "accounts/absence_form.html", {"form": form}, status=422 if form.errors else 200)


@needs(ABSENCE)
def absence_detail(request: Request, pk: int) -> HttpResponse:
    """The absence, and what the deputy did in the place of the person who is away (also for that person's return)."""
    absence = _absence(request, pk)
    today, viewer = clock.today(), request.viewer
    done = _done(absence) if absence.deputy_id else []
    back = absence.last_day < today
    mine = absence.user_id == viewer.user_id and viewer.deputy_for is None
    if mine and back and absence.read_at is None and absence.ended_at is None:
        services.read_deputy_work(absence.pk, viewer=viewer)
    over = absence.ended_at is not None or back
    context = {
        "absence": absence,
        "done": done if mine or viewer.may(ABSENCE, Access.SUBMIT) else [],
        "shows_done": mine or viewer.may(ABSENCE, Access.SUBMIT),
        "state": state_of(absence),
        "may_end": not over and services.may_enter_for(viewer, absence.user_id, absence.office),
    }
    return render(request, "accounts/absence_detail.html", context)


@require_POST
def absence_end(request: Request, pk: int) -> HttpResponse:
    """End it today, or call it off before it begins."""
    absence = _absence(request, pk)
    try:
        services.end_absence(absence.pk, viewer=request.viewer)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
    else:
        messages.success(request, "不在を終えました。代理の役割も終わりました。")
    return redirect("accounts:absence_detail", pk)


def state_of(absence: Absence) -> tuple[str, str]:
    """The word and the shape of an absence."""
    today = clock.today()
    if absence.ended_at is not None:
        return "取りやめ", "end"
    if absence.last_day < today:
        return "終了", "end"
    return ("不在中", "ours") if absence.first_day <= today else ("予定", "them")


def _done(absence: Absence) -> list[AuditEvent]:
    since, until = clock.at(absence.first_day, 0), clock.at(absence.last_day + timedelta(days=1), 0)
    events = audit.of_deputy(absence.deputy_id or 0, absence.user_id, since, until)
    return list(events.exclude(action__in=["post.switch", "session.end"]))


def _rows(request: Request) -> AbsenceQuerySet:
    since = clock.today() - SHOWN
    return Absence.objects.visible_to(request.viewer).filter(last_day__gte=since).for_list()


def _absence(request: Request, pk: int) -> Absence:
    absence: Absence = get_object_or_404(Absence.objects.visible_to(request.viewer).for_list(), pk=pk)
    return absence


def _choices(request: Request) -> tuple[Choices, Choices]:
    """Whose absence this person may enter, and who of her office may stand in."""
    viewer = request.viewer
    here = Post.objects.held(clock.today()).for_list()
    if not viewer.has(Duty.AD):
        here = _office(here, request)
    posts = list(here)
    people = {
        f"{post.office_id}:{post.user_id}": f"{post.user}（{post.office}）"
        for post in posts
        if services.may_enter_for(viewer, post.user_id, post.office)
    }
    deputies: dict[str, list[str]] = {}
    for post in posts:
        deputies.setdefault(str(post.user_id), [str(post.user)]).append(Duty(post.duty).label)
    return list(people.items()), [(key, f"{name}（{'、'.join(held)}）") for key, (name, *held) in deputies.items()]


def _office(posts: PostQuerySet, request: Request) -> PostQuerySet:
    office = request.viewer.office
    return posts.filter(office__kind=office.kind.value, office__code=office.code)
