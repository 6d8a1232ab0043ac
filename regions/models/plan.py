"""Forward plans (広域連携前進プラン) of bureaus, version by version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import ForwardPlanQuerySet
from .comment import OfficeComment
from .region import Basis


class ForwardPlan(models.Model):
    """One version of a bureau's forward plan; a national zone's own plan may stand in for it (equivalence)."""

    class State(models.TextChoices):
        DRAFT = "draft", "案"
        CONFERENCE = "conference", "検討会議で協議中"
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
    waiver_reason = models.TextField("同等とみなす理由", blank=True)
    discussed_at = models.ForeignKey(
        "regions.ConferenceMeeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans_discussed",
        verbose_name="協議した検討会議",
    )
    received_on = models.DateField("本庁の受理日", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理した者"
    )
    document = models.OneToOneField(
        "common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="策定した文書"
    )
    revision = models.PositiveIntegerField("更新番号", default=1)
    changed_at = models.DateTimeField("更新日時", null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更新者"
    )
    regions = models.ManyToManyField("regions.Region", through="regions.ForwardPlanRegion", related_name="plans")
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    erased_on = models.DateField("内容を廃棄した日", null=True, blank=True)  # its initiatives stay: they are counted

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
            models.CheckConstraint(
                condition=Q(received_on=None, received_by=None)
                | Q(received_on__isnull=False, received_by__isnull=False),
                name="forward_plan_received_on_and_by_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.version}版"

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: them ○ while it is made, done ■ adopted, end －."""
        return {"adopted": "done", "revised": "end"}.get(self.state, "them")

    @property
    def is_open(self) -> bool:
        """Whether it may still be written."""
        return self.state in (self.State.DRAFT, self.State.CONFERENCE)


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
    project = models.ForeignKey(
        "regions.Project", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="連携地域の取組"
    )

    class Meta:
        verbose_name = verbose_name_plural = "前進プランの取組"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_initiative_number_once")]

    def __str__(self) -> str:
        return self.name


class ForwardPlanReview(models.Model):
    """The yearly look at an adopted plan (年次の点検), one a fiscal year."""

    class Result(models.TextChoices):
        GOES_ON = "goes_on", "このまま進める"
        REVISE = "revise", "改定する"

    plan = models.ForeignKey(ForwardPlan, models.PROTECT, related_name="reviews")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    reviewed_on = models.DateField("点検日")
    summary = models.TextField("進み具合と課題")
    result = models.CharField("今後", max_length=8, choices=Result)
    meeting = models.ForeignKey(
        "regions.ConferenceMeeting", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="検討会議"
    )
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="点検者")

    class Meta:
        verbose_name = verbose_name_plural = "前進プランの点検"
        ordering = ["plan", "-fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "fiscal_year"], name="forward_plan_reviewed_once_a_year"),
            models.CheckConstraint(condition=~Q(summary=""), name="forward_plan_review_has_a_summary"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.fiscal_year}"


class InitiativeProgress(models.Model):
    """How one initiative of the plan stood at a yearly review."""

    class State(models.TextChoices):
        NOT_BEGUN = "not_begun", "準備中"
        RUNNING = "running", "実施中"
        DONE = "done", "終了"
        DROPPED = "dropped", "見送り"

    review = models.ForeignKey(ForwardPlanReview, models.CASCADE, related_name="lines")
    initiative = models.ForeignKey(ForwardPlanInitiative, models.PROTECT, related_name="progress")
    state = models.CharField("進み具合", max_length=10, choices=State)
    note = models.CharField("内容", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "取組の進み具合"
        ordering = ["review", "initiative__number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "initiative"], name="initiative_progress_once_a_review")
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.state}"


class PlanComment(OfficeComment):
    """What a municipality, a department or headquarters says about a plan."""

    plan = models.ForeignKey(ForwardPlan, models.CASCADE, related_name="comments")

    class Meta(OfficeComment.Meta):
        verbose_name = verbose_name_plural = "前進プランへの意見"
