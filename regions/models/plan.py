"""Forward plans (広域連携前進プラン) of bureaus, version by version."""

from django.db import models
from django.db.models import F, Q

from ..querysets import ForwardPlanQuerySet
from .region import Basis


class ForwardPlan(models.Model):
    """One version of a bureau's forward plan; a national zone's own plan may stand in for it (equivalence)."""

    class State(models.TextChoices):
        DRAFT = "draft", "案"
        CONFERENCE = "conference", "検討会議で協議済"
        ADOPTED = "adopted", "策定済"
        REVISED = "revised", "改定済"

    bureau = models.ForeignKey("municipalities.Bureau", models.PROTECT, related_name="plans", verbose_name="振興局")
    version = models.PositiveSmallIntegerField("版", default=1)
    title = models.CharField("題名", max_length=120)
    direction = models.TextField("推進の方向", blank=True)
    term_from_fy = models.PositiveSmallIntegerField("期間（開始年度）")
    term_to_fy = models.PositiveSmallIntegerField("期間（終了年度）")
    state = models.CharField("状態", max_length=12, choices=State, default=State.DRAFT)
    adopted_on = models.DateField("策定日", null=True, blank=True)
    equivalent_zone = models.ForeignKey(
        "regions.NationalZone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="同等とみなす計画"
    )
    regions = models.ManyToManyField("regions.Region", through="regions.ForwardPlanRegion", related_name="plans")
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)

    objects = ForwardPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "広域連携前進プラン"
        ordering = ["bureau", "version"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "version"], name="forward_plan_version_once"),
            models.CheckConstraint(
                condition=Q(term_to_fy__gte=F("term_from_fy")), name="forward_plan_term_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["adopted", "revised"]) | Q(adopted_on__isnull=False),
                name="forward_plan_adopted_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.version}版"

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: them ○ while it is made, done ■ adopted, end －."""
        return {"adopted": "done", "revised": "end"}.get(self.state, "them")


class ForwardPlanRegion(models.Model):
    """A region that a plan lists."""

    plan = models.ForeignKey(ForwardPlan, models.CASCADE, related_name="listings")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="plan_listings")

    class Meta:
        verbose_name = verbose_name_plural = "前進プランの地域"
        constraints = [models.UniqueConstraint(fields=["plan", "region"], name="forward_plan_lists_a_region_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.region_id}"


class ForwardPlanInitiative(models.Model):
    """One initiative of a plan, counted for the prefecture's third indicator."""

    plan = models.ForeignKey(ForwardPlan, models.CASCADE, related_name="initiatives")
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("取組", max_length=120)
    field = models.ForeignKey("regions.Field", models.PROTECT, null=True, blank=True, related_name="+")
    region = models.ForeignKey("regions.Region", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "前進プランの取組"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_initiative_number_once")]

    def __str__(self) -> str:
        return self.name
