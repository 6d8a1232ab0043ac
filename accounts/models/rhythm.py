"""How each person wants the mail with her notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common import rhythm
from common.rhythm import Rhythm

from .person import User


class NoticeRhythm(models.Model):
    """A person's own rhythm (お知らせの受け取り方); it goes with her from post to post. Without a row: at once."""

    class Mail(models.TextChoices):
        AT_ONCE = rhythm.AT_ONCE, "都度（15分ごとにまとめる）"
        DAILY = rhythm.DAILY, "毎日1回"
        WEEKLY = rhythm.WEEKLY, "毎週1回"
        NEVER = rhythm.NEVER, "受け取らない"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "月曜日"
        TUESDAY = 1, "火曜日"
        WEDNESDAY = 2, "水曜日"
        THURSDAY = 3, "木曜日"
        FRIDAY = 4, "金曜日"

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="notice_rhythm")
    mail = models.CharField("メールで受け取る", max_length=8, choices=Mail, default=Mail.AT_ONCE)
    hour = models.PositiveSmallIntegerField("時刻", default=8)
    weekday = models.PositiveSmallIntegerField("曜日", choices=Weekday, default=Weekday.MONDAY)
    unwanted = models.JSONField("メールで受け取らない種類", default=list, blank=True)
    changed_at = models.DateTimeField("変更日時")

    class Meta:
        verbose_name = verbose_name_plural = "お知らせの受け取り方"
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="rhythm_hour_of_the_day"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="rhythm_day_of_the_week"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.get_mail_display()}"

    @classmethod
    def of(cls, user: User) -> NoticeRhythm:
        """What the person has chosen, else what holds without a choice (not saved)."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.mail, self.hour, self.weekday, frozenset(self.unwanted))
