"""The parts of a meeting's record that its bureau writes: the call, the attendance, the minutes; and the members.

Two people at one part lose nobody's words (`common/part_views.py`): what both changed is shown side by side.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import audit, clock
from common.access import needs, require
from common.errors import Refused
from common.merging import Typed
from common.models import AuditEvent
from common.part_forms import Problem, StepForm
from common.part_views import PartView
from common.request import Request
from common.viewer import Access
from municipalities.models import Bureau

from .. import duties, services
from ..forms import AttendanceStep, MeetingStep, MembersStep, MinutesStep
from ..models import Attendance, ConferenceMeeting
from ..services.conferences import members_of
from .common import own_bureau
from .meetings import own_meeting

S = ConferenceMeeting.State


class _Part(PartView):
    """A part of the record of one meeting, or the list of members."""

    actions: ClassVar[tuple[str, ...]]
    done: ClassVar[str] = "保存しました。"

    meeting: ConferenceMeeting

    @property
    def subject(self) -> Model:
        """What the audit events of this part are about."""
        return self.meeting

    def dispatch(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.meeting = request, own_meeting(request, pk, Access.EDIT)
        if not self.meeting.is_open:
            messages.warning(request, f"「{self.meeting.get_state_display()}」の会議は書き換えられません。")
            return redirect("regions:meeting_detail", pk)
        return super().dispatch(request, pk)  # type: ignore[return-value]

    @property
    def revision(self) -> int:
        return self.meeting.revision

    @property
    def saved_at(self) -> datetime | None:
        last = audit.timeline(self.subject, internal=True).filter(action__in=self.actions).first()
        return last.at if last else None

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.subject, internal=True).filter(action__in=self.actions)
        return events.exclude(user_id=self.request.viewer.user_id)

    def reload(self) -> None:
        self.meeting = own_meeting(self.request, self.meeting.pk, Access.EDIT)

    def context(self, form: StepForm) -> dict[str, Any]:
        return {"meeting": self.meeting}

    def next_url(self) -> str:
        """More rows keep the person on the page; else the meeting."""
        if self.more.isidentifier():
            return f"{self.request.path}?more={self.more}#grid-{self.more}"
        messages.success(self.request, self.done)
        return reverse("regions:meeting_detail", args=[self.meeting.pk])


class MeetingEdit(_Part):
    """The call: day, place, agenda."""

    template = "regions/meeting_form.html"
    actions = ("meeting.schedule", "meeting.update")

    def dispatch(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        meeting = own_meeting(request, pk, Access.EDIT)
        if not meeting.is_planned:
            messages.warning(request, "開催の案内は、開催前の会議だけ変えられます。")
            return redirect("regions:meeting_detail", pk)
        return super().dispatch(request, pk)

    def form(self, data: QueryDict | None = None) -> MeetingStep:
        return MeetingStep(self.meeting.bureau.prefecture_id, self.meeting, data, more=self.more)

    def keep(self, form: StepForm) -> None:
        services.update_meeting(
            self.meeting.pk,
            form.draft,  # type: ignore[attr-defined]
            revision=self.revision,
            viewer=self.request.viewer,
        )


class MeetingAttendance(_Part):
    """The attendance, from the list of members on the day."""

    template = "regions/meeting_attendance.html"
    actions = ("meeting.attendance",)
    done = "出欠を記録しました。"

    @property
    def revision(self) -> int:
        return self.meeting.attendance_revision

    def form(self, data: QueryDict | None = None) -> AttendanceStep:
        return AttendanceStep(self.meeting, members_of(self.meeting), data)

    def press(self, typed: Typed) -> Typed:
        """「残りを出席にする」: everybody about whom nothing is known yet is there."""
        if self.request.POST.get("go") != "everyone":
            return typed
        names = [f"state_{member.pk}" for member in members_of(self.meeting)]
        return typed | {name: [Attendance.State.PRESENT.value] for name in names if name not in typed}

    def next_url(self) -> str:
        return self.request.path if self.request.POST.get("go") == "everyone" else super().next_url()

    def keep(self, form: StepForm) -> None:
        note = form.table.cleaned_data["note"]  # type: ignore[attr-defined]
        services.record_attendance(
            self.meeting.pk,
            form.drafts,  # type: ignore[attr-defined]
            note,
            revision=self.revision,
            viewer=self.request.viewer,
        )


class MeetingMinutes(_Part):
    """The minutes: what was said, decided and left open."""

    template = "regions/meeting_minutes.html"
    actions = ("meeting.minutes",)
    done = "議事録を保存しました。"

    def form(self, data: QueryDict | None = None) -> MinutesStep:
        return MinutesStep(self.meeting, data, more=self.more)

    def keep(self, form: StepForm) -> None:
        services.record_minutes(
            self.meeting.pk,
            form.draft,  # type: ignore[attr-defined]
            revision=self.revision,
            viewer=self.request.viewer,
        )


class Members(_Part):
    """The list of members of the own bureau's conference. It has no revision: the merge alone keeps both."""

    template = "regions/conference_members.html"
    actions = ("conference.members",)
    done = "構成員を保存しました。"
    bureau: Bureau

    @property
    def subject(self) -> Model:
        return self.bureau

    def dispatch(self, request: Request) -> HttpResponse:  # type: ignore[override]
        self.request = request
        require(request.viewer, duties.CONFERENCE, Access.EDIT)
        self.bureau = own_bureau(request)
        return PartView.dispatch(self, request)  # type: ignore[return-value]

    @property
    def revision(self) -> int:
        return 0

    def form(self, data: QueryDict | None = None) -> MembersStep:
        return MembersStep(self.bureau.pk, self.bureau.prefecture_id, clock.today(), data, more=self.more)

    def keep(self, form: StepForm) -> None:
        services.set_members(self.bureau.pk, form.drafts, viewer=self.request.viewer)  # type: ignore[attr-defined]

    def reload(self) -> None:
        return

    def context(self, form: StepForm) -> dict[str, Any]:
        return {"bureau": self.bureau}

    def next_url(self) -> str:
        if self.more.isidentifier():
            return f"{self.request.path}?more={self.more}#grid-{self.more}"
        messages.success(self.request, self.done)
        return reverse("regions:meeting_list")


@needs(duties.CONFERENCE, Access.EDIT)
def meeting_new(request: Request) -> HttpResponse:
    """Plan a meeting of the own bureau's conference, or begin the record of one that was held."""
    bureau = own_bureau(request)
    first = {"title": f"{bureau.short_name}地域 広域連携検討会議", "chair": f"{bureau.name}長"}
    data = request.POST if request.method == "POST" else None
    form = MeetingStep(bureau.prefecture_id, None, data, first=first)
    problems: list[Problem] = []
    if data is not None:
        if form.is_valid():
            try:
                meeting = services.schedule_meeting(bureau.pk, form.draft, viewer=request.viewer)
            except Refused as refused:
                problems = [Problem(text) for text in refused.problems]
            else:
                return redirect("regions:meeting_detail", meeting.pk)
        else:
            problems = form.problems
    context = {"form": form, "problems": problems, "bureau": bureau, "meeting": None}
    return render(request, "regions/meeting_form.html", context, status=422 if problems else 200)


urls = [
    path("meetings/new/", meeting_new, name="meeting_new"),
    path("meetings/members/", Members.as_view(), name="conference_members"),
    path("meetings/<int:pk>/edit/", MeetingEdit.as_view(), name="meeting_edit"),
    path("meetings/<int:pk>/attendance/", MeetingAttendance.as_view(), name="meeting_attendance"),
    path("meetings/<int:pk>/minutes/", MeetingMinutes.as_view(), name="meeting_minutes"),
]
