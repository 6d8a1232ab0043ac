"""Who is away from her office from a day to a day, and who bears her duties meanwhile."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ..querysets import AbsenceQuerySet
from .office import Office
from .person import User


class Absence(models.Model):
    """Days on which a person is away from one office (不在). Her deputy (代理) acts there in her name on those days.

    The duties are those she holds on the day; nothing is written twice, so a hand-over in between needs no second act.
    """

    class Reason(models.TextChoices):
        LEAVE = "leave", "休暇"
        TRIP = "trip", "出張"
        TRAINING = "training", "研修"
        VACANT = "vacant", "欠員・事故"
        OTHER = "other", "その他"

    user = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name="不在の人")
    office = models.ForeignKey(Office, models.PROTECT, related_name="absences", verbose_name="所属")
    first_day = models.DateField("最初の日")
    last_day = models.DateField("最後の日")
    reason = models.CharField("理由", max_length=10, choices=Reason, default=Reason.LEAVE)
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputyships", verbose_name="代理"
    )
    entered_at = models.DateTimeField("登録日時")
    entered_who = models.CharField("登録した人", max_length=200)
    ended_at = models.DateTimeField("取りやめた日時", null=True, blank=True)
    read_at = models.DateTimeField("代理が行ったことを確かめた日時", null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不在"
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=Q(deputy=None) | ~Q(deputy=F("user")), name="nobody_is_her_own_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day}"
