"""Pre-consultation (事前協議) between towns and bureau, before an application is submitted (N-07)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PreConsultation(models.Model):
    """One consultation; closed when the bureau has answered."""

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="consultations")
    asked_on = models.DateField("申込日")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申込者")
    points = models.TextField("相談したいこと")
    held_on = models.DateField("協議日", null=True, blank=True)
    attendees = models.TextField("出席者", blank=True)
    answers = models.TextField("回答・助言", blank=True)
    next_action = models.TextField("次に行うこと", blank=True)
    closed_on = models.DateField("完了日", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="記録者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "事前協議"
        ordering = ["application", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | (Q(held_on__isnull=False, closed_by__isnull=False) & ~Q(answers="")),
                name="consultation_closed_has_day_and_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.asked_on}"
