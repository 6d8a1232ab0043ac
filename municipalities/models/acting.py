"""Who signs for a municipality while its head cannot: 職務代理者 (Local Autonomy Act art. 152), dated."""

from django.db import models
from django.db.models import F, Q

from ..querysets import ActingHeadQuerySet


class ActingHead(models.Model):
    """The office that acts for the mayor from a day to a day (open while `to_on` is empty). No name of a person."""

    class Reason(models.TextChoices):
        VACANT = "vacant", "長が欠けたため"
        HINDERED = "hindered", "長に事故があるため"

    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="acting_heads", verbose_name="市町村"
    )
    title = models.CharField("職務代理者の職名", max_length=20)
    reason = models.CharField("理由", max_length=8, choices=Reason)
    from_on = models.DateField("開始日")
    to_on = models.DateField("終了日", null=True, blank=True)
    entered_who = models.CharField("登録した人", max_length=200)
    entered_at = models.DateTimeField("登録日時")

    objects = ActingHeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "長の職務代理者"
        ordering = ["municipality", "-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="acting_head_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="acting_head_has_a_title"),
            models.UniqueConstraint(
                fields=["municipality"], condition=Q(to_on=None), name="one_open_acting_head_a_municipality"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.title}"
