"""The promotion conference (検討会議) of a bureau: who belongs to it, and its meetings."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.viewer import Duty, OfficeKind

from ..meeting_querysets import ConferenceMemberQuerySet
from ..querysets import ConferenceMeetingQuerySet


class ConferenceMember(models.Model):
    """A member of a bureau's conference, from a day on: a municipality, a department of the prefecture, or another."""

    class Kind(models.TextChoices):
        TOWN = "town", "市町村"
        DEPARTMENT = "department", "道の部局"
        OTHER = "other", "その他の団体"

    bureau = models.ForeignKey(
        "municipalities.Bureau", models.PROTECT, related_name="conference_members", verbose_name="振興局"
    )
    kind = models.CharField("区分", max_length=10, choices=Kind)
    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="市町村"
    )
    name = models.CharField("名称", max_length=80)
    post = models.CharField("職名", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField("順", default=0)
    valid_from = models.DateField("いつから")
    valid_to = models.DateField("いつまで", null=True, blank=True)

    objects = ConferenceMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "検討会議の構成員"
        ordering = ["bureau", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="town", municipality__isnull=False) | (~Q(kind="town") & Q(municipality=None)),
                name="conference_member_town_is_a_municipality",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="conference_member_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="conference_member_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> tuple[str, tuple[Duty, ...]] | None:
        """The office and duties that notices to this member go to; None for whom the portal has no sign-in."""
        if self.kind == self.Kind.TOWN:
            return f"{OfficeKind.MUNICIPALITY.value}:{self.municipality_id}", (Duty.MP, Duty.MA)
        if self.kind == self.Kind.DEPARTMENT:
            return f"{OfficeKind.PREFECTURE.value}:{settings.PREFECTURE_CODE}", (Duty.SD,)
        return None


class ConferenceMeeting(models.Model):
    """One meeting; a vision roundtable (ビジョン懇談会) of a zone may count as equivalent.

    `revision` counts what was written about the call and the minutes, `attendance_revision` the attendance: one person
    may take the attendance while another writes.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "予定"
        CANCELLED = "cancelled", "中止"
        HELD = "held", "開催済"
        CONFIRMED = "confirmed", "議事録確認済"

    class Mode(models.TextChoices):
        PLACE = "place", "集合"
        ONLINE = "online", "オンライン"
        BOTH = "both", "集合・オンライン併用"
        WRITING = "writing", "書面"

    bureau = models.ForeignKey("municipalities.Bureau", models.PROTECT, related_name="meetings", verbose_name="振興局")
    title = models.CharField("名称", max_length=120)
    planned_on = models.DateField("開催予定日")
    held_on = models.DateField("開催日", null=True, blank=True)
    starts_at = models.TimeField("開始", null=True, blank=True)
    ends_at = models.TimeField("終了", null=True, blank=True)
    mode = models.CharField("方法", max_length=8, choices=Mode, default=Mode.PLACE)
    place = models.CharField("場所", max_length=80, blank=True)
    chair = models.CharField("座長", max_length=60, blank=True)
    recorder = models.CharField("記録した者", max_length=60, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.SCHEDULED)
    equivalent_zone = models.ForeignKey(
        "regions.NationalZone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="同等とみなす懇談会",
    )
    attendance_note = models.TextField("構成員のほかの出席者", blank=True)
    without_outcome = models.TextField("決定事項も論点もない理由", blank=True)
    invited_at = models.DateTimeField("案内した日時", null=True, blank=True)
    circulated_on = models.DateField("議事録案を示した日", null=True, blank=True)
    comment_by = models.DateField("議事録案への意見の期限", null=True, blank=True)
    confirmed_on = models.DateField("議事録を確認した日", null=True, blank=True)
    cancelled_because = models.CharField("中止の理由", max_length=200, blank=True)
    revision = models.PositiveIntegerField("更新番号", default=1)
    attendance_revision = models.PositiveIntegerField("出欠の更新番号", default=1)

    objects = ConferenceMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "検討会議の開催"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "cancelled"]) | Q(held_on__isnull=False),
                name="meeting_held_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="meeting_cancelled_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(circulated_on=None, comment_by=None)
                | Q(circulated_on__isnull=False, comment_by__gte=F("circulated_on")),
                name="meeting_minutes_shown_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> date:
        """The day it was held; until then the day planned."""
        return self.held_on or self.planned_on

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: ours ● while minutes are due, them ○ planned, done ■, end －."""
        shapes = {"scheduled": "them", "held": "ours", "confirmed": "done", "cancelled": "end"}
        return shapes[self.state]

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.SCHEDULED

    @property
    def is_open(self) -> bool:
        """Whether its record may still be written."""
        return self.state in (self.State.SCHEDULED, self.State.HELD)

    @property
    def where(self) -> str:
        """集合（空知総合振興局 会議室）; the way alone where no place is named."""
        way = self.get_mode_display()
        return f"{way}（{self.place}）" if self.place else way

    @property
    def hours(self) -> str:
        """13:30～15:00, or as much of it as is known."""
        if self.starts_at is None:
            return ""
        return f"{self.starts_at:%H:%M}～{f'{self.ends_at:%H:%M}' if self.ends_at else ''}"
