"""How far collaboration has come, by region, field and track (report of March 2024, 4(1), figure 7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..meeting_querysets import StageQuerySet
from .comment import OfficeComment


class StageAssessment(models.Model):
    """One reading of the stage. Stages have no fixed years and may come late; the latest reading counts."""

    class Track(models.TextChoices):
        MUNICIPAL = "municipal", "市町村間の連携"
        PREFECTURE = "prefecture", "道と市町村の連携"

    STAGES = (1, 2, 3)

    region = models.ForeignKey("regions.Region", models.CASCADE, related_name="stages", verbose_name="地域")
    field = models.ForeignKey("regions.Field", models.PROTECT, related_name="+", verbose_name="分野")
    track = models.CharField("区分", max_length=10, choices=Track)
    stage = models.PositiveSmallIntegerField("ステージ")
    assessed_on = models.DateField("評価日")
    evidence = models.TextField("根拠")
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="評価者")
    confirmed_on = models.DateField("確認日", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認者"
    )

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ステージの評価"
        ordering = ["region", "field", "track", "-assessed_on"]
        constraints = [
            models.UniqueConstraint(fields=["region", "field", "track", "assessed_on"], name="stage_once_a_day"),
            models.CheckConstraint(condition=Q(stage__gte=1, stage__lte=3), name="stage_is_one_to_three"),
            models.CheckConstraint(condition=~Q(evidence=""), name="stage_has_evidence"),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="stage_confirmed_on_and_by_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.field_id} {self.track} {self.stage}"


class StageComment(OfficeComment):
    """What a member or headquarters says about the readings of a region, of one field or of all."""

    region = models.ForeignKey("regions.Region", models.CASCADE, related_name="stage_comments", verbose_name="地域")
    field = models.ForeignKey(
        "regions.Field", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分野"
    )

    class Meta(OfficeComment.Meta):
        verbose_name = verbose_name_plural = "ステージの評価への意見"
