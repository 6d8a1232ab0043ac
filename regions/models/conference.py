"""Meetings of the promotion conference (検討会議) of a bureau, as far as the rules ask for them."""

from django.db import models
from django.db.models import Q

from ..querysets import ConferenceMeetingQuerySet


class ConferenceMeeting(models.Model):
    """One meeting; a vision roundtable (ビジョン懇談会) of a zone may count as equivalent."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "予定"
        HELD = "held", "開催済"
        CONFIRMED = "confirmed", "議事録確認済"

    bureau = models.ForeignKey("municipalities.Bureau", models.PROTECT, related_name="meetings", verbose_name="振興局")
    title = models.CharField("名称", max_length=120)
    planned_on = models.DateField("開催予定日")
    held_on = models.DateField("開催日", null=True, blank=True)
    place = models.CharField("場所・方法", max_length=80, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.SCHEDULED)
    equivalent_zone = models.ForeignKey(
        "regions.NationalZone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="同等とみなす懇談会",
    )
    agenda = models.TextField("議題", blank=True)
    attendance = models.TextField("出席者", blank=True)
    decisions = models.TextField("決定事項", blank=True)
    open_points = models.TextField("継続する論点", blank=True)

    objects = ConferenceMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "検討会議の開催"
        ordering = ["-planned_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="scheduled") | Q(held_on__isnull=False), name="meeting_held_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return self.title
