"""Collaboration visions (地域連携ビジョン), version by version."""

from django.db import models
from django.db.models import F, Q

from ..querysets import VisionQuerySet
from .region import Basis


class Vision(models.Model):
    """One version of a region's vision: the shared future picture and the initiatives that lead there."""

    class State(models.TextChoices):
        DRAFT = "draft", "案"
        CONSULTED = "consulted", "協議済"
        ADOPTED = "adopted", "策定済"
        REVISED = "revised", "改定済"
        EXPIRED = "expired", "期間満了"

    region = models.ForeignKey("regions.Region", models.CASCADE, related_name="visions", verbose_name="地域")
    version = models.PositiveSmallIntegerField("版", default=1)
    title = models.CharField("題名", max_length=120)
    agreement = models.ForeignKey(
        "regions.Agreement", models.PROTECT, null=True, blank=True, related_name="visions", verbose_name="協定"
    )
    future_image = models.TextField("目指す将来像", blank=True)
    issues = models.TextField("課題", blank=True)
    aims = models.TextField("目指す姿", blank=True)
    term_from_fy = models.PositiveSmallIntegerField("期間（開始年度）")
    term_to_fy = models.PositiveSmallIntegerField("期間（終了年度）")
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    adopted_on = models.DateField("策定日", null=True, blank=True)
    received_on = models.DateField("振興局の受理日", null=True, blank=True)
    equivalent_zone = models.ForeignKey(
        "regions.NationalZone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="同等とみなす圏域のビジョン",
    )
    reference = models.CharField("圏域のビジョンの所在", max_length=200, blank=True)
    revision = models.PositiveIntegerField("更新番号", default=1)
    updated_at = models.DateTimeField("最終更新", null=True, blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.TextField("出典", blank=True)
    erased_on = models.DateField("内容を廃棄した日", null=True, blank=True)  # its line in lists stays

    objects = VisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地域連携ビジョン"
        ordering = ["region", "version"]
        constraints = [
            models.UniqueConstraint(fields=["region", "version"], name="vision_version_once"),
            models.CheckConstraint(condition=Q(term_to_fy__gte=F("term_from_fy")), name="vision_term_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state__in=["adopted", "revised", "expired"]) | Q(adopted_on__isnull=False),
                name="vision_adopted_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.version}版"

    @property
    def is_open(self) -> bool:
        """Whether it is still written."""
        return self.state in (self.State.DRAFT, self.State.CONSULTED)

    @property
    def years(self) -> range:
        """The fiscal years of its term."""
        return range(self.term_from_fy, self.term_to_fy + 1)

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: them ○ while it is made, done ■ adopted, end －."""
        return {"adopted": "done", "revised": "end", "expired": "end"}.get(self.state, "them")


class VisionProject(models.Model):
    """An initiative as this version of the vision describes it."""

    vision = models.ForeignKey(Vision, models.CASCADE, related_name="items")
    project = models.ForeignKey("regions.Project", models.PROTECT, related_name="vision_items", verbose_name="取組")
    order = models.PositiveSmallIntegerField("順", default=0)
    outline = models.TextField("概要", blank=True)
    roles = models.TextField("役割分担", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ビジョンの取組"
        ordering = ["vision", "order"]
        constraints = [models.UniqueConstraint(fields=["vision", "project"], name="vision_lists_a_project_once")]

    def __str__(self) -> str:
        return f"{self.vision_id} {self.project_id}"


class VisionRole(models.Model):
    """What one member does in an initiative of this version."""

    item = models.ForeignKey(VisionProject, models.CASCADE, related_name="parts")
    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="市町村"
    )
    role = models.CharField("役割", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "取組の役割分担"
        ordering = ["municipality"]
        constraints = [models.UniqueConstraint(fields=["item", "municipality"], name="vision_role_once_a_member")]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.role}"


class VisionCost(models.Model):
    """The expected cost of an initiative in one fiscal year (whole yen)."""

    item = models.ForeignKey(VisionProject, models.CASCADE, related_name="costs")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    amount_yen = models.PositiveBigIntegerField("事業費の見込み（円）")

    class Meta:
        verbose_name = verbose_name_plural = "事業費の見込み"
        ordering = ["fiscal_year"]
        constraints = [models.UniqueConstraint(fields=["item", "fiscal_year"], name="vision_cost_once_a_year")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.amount_yen}"
