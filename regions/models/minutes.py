"""What a meeting of the conference leaves behind: agenda, attendance, decisions, open points, comments."""

from django.db import models
from django.db.models import Q

from ..meeting_querysets import OpenPointQuerySet
from .comment import OfficeComment
from .conference import ConferenceMeeting


class AgendaItem(models.Model):
    """One item of the agenda (議題) with what was said about it. Its papers are stored files with it as subject."""

    meeting = models.ForeignKey(ConferenceMeeting, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField("番号")
    title = models.CharField("議題", max_length=160)
    presenter = models.CharField("説明者", max_length=80, blank=True)
    minutes = models.TextField("議事の内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "議題"
        ordering = ["meeting", "number", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="agenda_item_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """How one member took part in a meeting."""

    class State(models.TextChoices):
        PRESENT = "present", "出席"
        SUBSTITUTE = "substitute", "代理"
        ONLINE = "online", "オンライン"
        WRITTEN = "written", "書面"
        ABSENT = "absent", "欠席"

    meeting = models.ForeignKey(ConferenceMeeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey("regions.ConferenceMember", models.PROTECT, related_name="attendances")
    state = models.CharField("出欠", max_length=10, choices=State)
    person = models.CharField("出席した方（職・氏名）", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出欠"
        ordering = ["member__order", "member"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once_a_member"),
            models.CheckConstraint(condition=~Q(state="substitute") | ~Q(person=""), name="substitute_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"


class MeetingDecision(models.Model):
    """A numbered decision (決定事項) of a meeting."""

    meeting = models.ForeignKey(ConferenceMeeting, models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField("番号")
    text = models.CharField("決定事項", max_length=400)

    class Meta:
        verbose_name = verbose_name_plural = "決定事項"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_decision_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="meeting_decision_has_a_text"),
        ]

    def __str__(self) -> str:
        return self.text


class OpenPoint(models.Model):
    """A point that a meeting left open (継続する論点): it comes to every later meeting of the bureau until closed.

    `number` counts within the bureau and stays the same from meeting to meeting.
    """

    bureau = models.ForeignKey("municipalities.Bureau", models.PROTECT, related_name="open_points")
    raised_at = models.ForeignKey(ConferenceMeeting, models.CASCADE, related_name="points_raised")
    number = models.PositiveIntegerField("番号")
    text = models.CharField("論点", max_length=400)
    owner = models.CharField("担当", max_length=80, blank=True)
    due_on = models.DateField("いつまで", null=True, blank=True)

    objects = OpenPointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "継続する論点"
        ordering = ["bureau", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "number"], name="open_point_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="open_point_has_a_text"),
        ]

    def __str__(self) -> str:
        return self.text


class PointProgress(models.Model):
    """What a later meeting said about an open point; `closed` ends it there."""

    point = models.ForeignKey(OpenPoint, models.PROTECT, related_name="progress")
    meeting = models.ForeignKey(ConferenceMeeting, models.CASCADE, related_name="points_taken_up")
    note = models.CharField("この会議での扱い", max_length=400, blank=True)
    closed = models.BooleanField("完了", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "論点の扱い"
        ordering = ["point", "meeting"]
        constraints = [
            models.UniqueConstraint(fields=["point", "meeting"], name="open_point_once_a_meeting"),
            models.UniqueConstraint(fields=["point"], condition=Q(closed=True), name="open_point_closed_once"),
            models.CheckConstraint(condition=Q(closed=False) | ~Q(note=""), name="open_point_closed_says_how"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.note}"


class MinutesComment(OfficeComment):
    """What a member says about the draft of the minutes."""

    meeting = models.ForeignKey(ConferenceMeeting, models.CASCADE, related_name="comments")

    class Meta(OfficeComment.Meta):
        verbose_name = verbose_name_plural = "議事録案への意見"
