"""Meetings of the bureaus' conferences: the list with the open points, one meeting, its papers, and the acts on it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import audit, clock, files
from common.access import needs, require
from common.documents import Mark
from common.errors import Refused
from common.models import StoredFile
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from municipalities.models import Bureau

from .. import duties, services
from ..forms import CirculateForm, CommentForm, PaperForm, ReasonForm
from ..meeting_exports import meeting_columns, member_columns, point_columns
from ..meeting_page import MeetingPage
from ..models import ConferenceMeeting, ConferenceMember, OpenPoint
from ..papers.meeting import LABELS, PARTS
from ..plan_overview import bureaus
from .common import act, page_of
from .papers import paper_answer

COMMENT_DAYS = 14  # proposed time for comments on minutes


def _trail() -> tuple[str, str]:
    return ("検討会議", reverse("regions:meeting_list"))


@needs(duties.CONFERENCE)
def meeting_list(request: Request) -> HttpResponse:
    """Meetings of one bureau or of all, the points they left open, and who belongs to the conference."""
    bureau, choices = _chosen(request)
    context = {
        "page": page_of(_meetings(request, bureau), request),
        "points": list(_points(request, bureau)),
        "members": list(ConferenceMember.objects.of(bureau.pk).on(clock.today())) if bureau else [],
        "bureau": bureau,
        "bureaus": choices,
        "writes": request.viewer.is_bureau and request.viewer.may(duties.CONFERENCE, Access.EDIT),
    }
    return render(request, "regions/meeting_list.html", context)


@needs(duties.CONFERENCE)
def meeting_export(request: Request) -> HttpResponseBase:
    """The meetings of the list, all pages, written out."""
    rows = _meetings(request, _chosen(request)[0])
    return export_page(request, Export("検討会議一覧", meeting_columns(), rows, [_trail()]))


@needs(duties.CONFERENCE)
def point_export(request: Request) -> HttpResponseBase:
    """The open points of the list, written out."""
    rows = _points(request, _chosen(request)[0])
    return export_page(request, Export("継続する論点", point_columns(), rows, [_trail()]))


@needs(duties.CONFERENCE)
def member_export(request: Request, bureau: str) -> HttpResponseBase:
    """The members of a bureau's conference, past ones too, written out."""
    office = next((row for row in bureaus() if row.pk == bureau), None)
    if office is None:
        raise Http404
    rows = ConferenceMember.objects.of(office.pk)
    return export_page(request, Export(f"検討会議構成員_{office.short_name}", member_columns(), rows, [_trail()]))


def meeting_detail(request: Request, pk: int) -> HttpResponse:
    """One meeting: agenda, attendance, minutes, points, papers, and what this person may do next."""
    return _detail(request, meeting_or_404(request, pk))


@require_POST
def meeting_invite(request: Request, pk: int) -> HttpResponse:
    """Send the invitation to the members."""
    meeting = own_meeting(request, pk, Access.EDIT)
    return act(
        request,
        lambda: services.invite_members(meeting.pk, viewer=request.viewer),
        "構成員に案内しました。開催の7日前と前日にも自動で知らせます。",
        "regions:meeting_detail",
        pk,
    )


def meeting_cancel(request: Request, pk: int) -> HttpResponse:
    """Ask why, then call the meeting off."""
    meeting = own_meeting(request, pk, Access.EDIT)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_meeting(meeting.pk, form.cleaned_data["reason"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "会議を中止しました。")
            return redirect("regions:meeting_detail", pk)
    context = {"form": form, "meeting": meeting}
    return render(request, "regions/meeting_cancel.html", context, status=422 if form.errors else 200)


@require_POST
def meeting_circulate(request: Request, pk: int) -> HttpResponse:
    """Show the draft of the minutes to the members."""
    meeting, form = own_meeting(request, pk, Access.EDIT), CirculateForm(request.POST)
    if form.is_valid():
        try:
            services.circulate_minutes(meeting.pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "議事録案を構成員に示しました。")
            return redirect("regions:meeting_detail", pk)
    return _detail(request, meeting, circulate=form, status=422)


@require_POST
def meeting_comment(request: Request, pk: int) -> HttpResponse:
    """Say something about the draft of the minutes as a member."""
    meeting, form = meeting_or_404(request, pk, Access.COMMENT), CommentForm(request.POST)
    if not MeetingPage(meeting, request.viewer).belongs:
        raise PermissionDenied("議事録案への意見は、検討会議の構成員が書きます。")
    if form.is_valid():
        try:
            services.comment_minutes(meeting.pk, form.cleaned_data["text"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "意見を送りました。")
            return redirect("regions:meeting_detail", pk)
    return _detail(request, meeting, comment=form, status=422)


@require_POST
def meeting_confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm the minutes as the bureau's decider."""
    meeting = own_meeting(request, pk, Access.SUBMIT)
    return act(
        request,
        lambda: services.confirm_minutes(meeting.pk, viewer=request.viewer),
        "議事録を確認しました。次第・出席者名簿・議事録はこの日のまま残ります。",
        "regions:meeting_detail",
        pk,
    )


def meeting_pdf(request: Request, pk: int, kind: str) -> HttpResponse:
    """One of the three parts of D-26: as issued once the minutes are confirmed, marked 案 while they are not."""
    meeting = meeting_or_404(request, pk)
    page = MeetingPage(meeting, request.viewer)
    if not page.may_read(kind):
        raise PermissionDenied(f"{LABELS[kind]}は、構成員と事務局だけが読めます。")
    draft = kind == "D-26c" or (kind == "D-26" and meeting.is_planned and meeting.invited_at is None)
    return paper_answer(
        request,
        kind,
        meeting,
        lambda: PARTS[kind](meeting),
        back=reverse("regions:meeting_detail", args=[pk]),
        mark=Mark.DRAFT if draft else None,
    )


def meeting_papers(request: Request, pk: int) -> HttpResponse:
    """The papers of the agenda: add one, take one out."""
    meeting = own_meeting(request, pk, Access.EDIT)
    form = PaperForm(request.POST or None, request.FILES or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.add_paper(meeting.pk, int(typed["item"]), typed["upload"], typed["label"], viewer=request.viewer)
        except files.FileRefused as refused:
            form.add_error("upload", refused)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"「{typed['label']}」を付けました。")
            return redirect("regions:meeting_papers", pk)
    context = {"form": form, "meeting": meeting, "show": MeetingPage(meeting, request.viewer)}
    return render(request, "regions/meeting_papers.html", context, status=422 if form.errors else 200)


@require_POST
def meeting_paper_remove(request: Request, pk: int, item: int, file: int) -> HttpResponse:
    """Take a paper out of the agenda."""
    meeting = own_meeting(request, pk, Access.EDIT)
    stored = _stored(request, meeting, item, file)
    return act(
        request,
        lambda: services.remove_paper(meeting.pk, item, stored.pk, viewer=request.viewer),
        f"「{stored.label}」を外しました。",
        "regions:meeting_papers",
        pk,
    )


def meeting_paper(request: Request, pk: int, item: int, file: int) -> HttpResponseBase:
    """A paper of the agenda; PDFs and pictures open in the browser."""
    stored = _stored(request, meeting_or_404(request, pk), item, file)
    return files.download(stored, viewer=request.viewer, inline=True)


def meeting_or_404(request: Request, pk: int, access: Access = Access.READ) -> ConferenceMeeting:
    """The meeting: 404 if this office may not know it, 403 if it is not one's duty."""
    visible = ConferenceMeeting.objects.visible_to(request.viewer)
    meeting: ConferenceMeeting = get_object_or_404(visible.select_related("bureau", "equivalent_zone"), pk=pk)
    require(request.viewer, duties.CONFERENCE, access)
    return meeting


def own_meeting(request: Request, pk: int, access: Access) -> ConferenceMeeting:
    """The meeting for an act of the bureau that holds it."""
    meeting = meeting_or_404(request, pk, access)
    if not MeetingPage(meeting, request.viewer).own:
        raise PermissionDenied("検討会議は、その振興局だけが記録できます。")
    return meeting


def _stored(request: Request, meeting: ConferenceMeeting, item: int, file: int) -> StoredFile:
    row = get_object_or_404(meeting.items.all(), pk=item)
    return get_object_or_404(StoredFile.objects.of(row).visible_to(request.viewer), pk=file)


def _chosen(request: Request) -> tuple[Bureau | None, list[Bureau]]:
    """The bureau asked for (the own one without a question; None for all), and those to choose from."""
    choices = bureaus()
    own = request.viewer.office.code if request.viewer.is_bureau else ""
    asked = request.GET.get("bureau", own)
    return next((row for row in choices if row.pk == asked), None), choices


def _meetings(request: Request, bureau: Bureau | None) -> QuerySet[ConferenceMeeting]:
    rows = ConferenceMeeting.objects.visible_to(request.viewer).select_related("bureau", "equivalent_zone")
    counted = rows.annotate(
        decided=Count("decisions", distinct=True),
        left_open=Count("points_raised", distinct=True),
        came=Count("attendances", filter=~Q(attendances__state="absent"), distinct=True),
    )
    counted = counted.order_by("-planned_on", "-pk")
    return counted.filter(bureau=bureau) if bureau else counted


def _points(request: Request, bureau: Bureau | None) -> QuerySet[OpenPoint]:
    """Points still open, of meetings whose minutes this person may read: confirmed ones, or of the own bureau."""
    seen = ConferenceMeeting.objects.visible_to(request.viewer)
    if not (request.viewer.is_prefecture or request.viewer.is_bureau):
        seen = seen.filter(state=ConferenceMeeting.State.CONFIRMED)
    elif request.viewer.is_bureau:
        seen = seen.filter(Q(bureau=request.viewer.office.code) | Q(state=ConferenceMeeting.State.CONFIRMED))
    rows = OpenPoint.objects.still_open().filter(raised_at__in=seen).select_related("bureau", "raised_at")
    return (rows.filter(bureau=bureau) if bureau else rows).order_by("bureau__order", "number")


def _detail(
    request: Request,
    meeting: ConferenceMeeting,
    *,
    comment: CommentForm | None = None,
    circulate: CirculateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = MeetingPage(meeting, request.viewer)
    held = page.writes and meeting.state == ConferenceMeeting.State.HELD
    if held and circulate is None:
        circulate = CirculateForm(initial={"comment_by": clock.today() + timedelta(days=COMMENT_DAYS)})
    context = {
        "meeting": meeting,
        "show": page,
        "parts": [(kind, label) for kind, label in LABELS.items() if page.may_read(kind)],
        "comments": list(meeting.comments.all()) if page.reads_minutes and page.reads_names else [],
        "comment_form": (comment or CommentForm()) if page.may_comment else None,
        "circulate_form": circulate if held else None,
        "events": audit.timeline(meeting, internal=True)[:12] if page.own or request.viewer.sees_internal else [],
    }
    return render(request, "regions/meeting_detail.html", context, status=status)


urls = [
    path("meetings/", meeting_list, name="meeting_list"),
    path("meetings/export/", meeting_export, name="meeting_export"),
    path("meetings/points/export/", point_export, name="point_export"),
    path("meetings/members/<slug:bureau>/export/", member_export, name="conference_member_export"),
    path("meetings/<int:pk>/", meeting_detail, name="meeting_detail"),
    path("meetings/<int:pk>/invite/", meeting_invite, name="meeting_invite"),
    path("meetings/<int:pk>/cancel/", meeting_cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/circulate/", meeting_circulate, name="meeting_circulate"),
    path("meetings/<int:pk>/comment/", meeting_comment, name="meeting_comment"),
    path("meetings/<int:pk>/confirm/", meeting_confirm, name="meeting_confirm"),
    path("meetings/<int:pk>/agenda.pdf", meeting_pdf, {"kind": "D-26"}, name="meeting_agenda_pdf"),
    path("meetings/<int:pk>/attendance.pdf", meeting_pdf, {"kind": "D-26b"}, name="meeting_attendance_pdf"),
    path("meetings/<int:pk>/minutes.pdf", meeting_pdf, {"kind": "D-26c"}, name="meeting_minutes_pdf"),
    path("meetings/<int:pk>/papers/", meeting_papers, name="meeting_papers"),
    path("meetings/<int:pk>/papers/<int:item>/<int:file>/", meeting_paper, name="meeting_paper"),
    path("meetings/<int:pk>/papers/<int:item>/<int:file>/remove/", meeting_paper_remove, name="meeting_paper_remove"),
]
