"""Programs (支援制度), their rulesets, and which region was supported when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import ProgramQuerySet, RuleSetVersionQuerySet


class Program(models.Model):
    """A subsidy program. Its numbers stand in its rulesets, not here."""

    code = models.SlugField("コード", primary_key=True, max_length=30)
    prefecture = models.ForeignKey("municipalities.Prefecture", models.PROTECT, related_name="programs")
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("略称", max_length=20)
    umbrella = models.CharField("総称する交付金", max_length=60, blank=True)
    purpose = models.TextField("目的", blank=True)
    demonstration = models.BooleanField("デモ用の例", default=False)
    order = models.PositiveSmallIntegerField("表示順", default=0)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支援制度"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class RuleSetVersion(models.Model):
    """One version of a program's rules as data (see `subsidies.rules.ruleset.parse`). Fixed once published.

    While it is a draft, `revision` counts its saves and `writers` are all who wrote it: none of them may publish it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "案"
        PROPOSED = "proposed", "決裁待ち"
        PUBLISHED = "published", "公開"
        WITHDRAWN = "withdrawn", "撤回"

    program = models.ForeignKey(Program, models.PROTECT, related_name="rulesets", verbose_name="制度")
    version = models.PositiveSmallIntegerField("版")
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField("ルール")
    effective_from_fy = models.PositiveSmallIntegerField("適用開始年度")
    effective_to_fy = models.PositiveSmallIntegerField("適用終了年度", null=True, blank=True)
    note = models.TextField("備考", blank=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公開者"
    )

    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name="もとにした版"
    )
    revision = models.PositiveIntegerField("保存の回数", default=0)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="作成者")

    objects = RuleSetVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ルールの版"
        ordering = ["program", "version"]
        constraints = [
            models.UniqueConstraint(fields=["program", "version"], name="ruleset_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to_fy=None) | Q(effective_to_fy__gte=F("effective_from_fy")),
                name="ruleset_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="ruleset_published_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} 第{self.version}版"

    @property
    def label(self) -> str:
        """第2版（案）."""
        return f"第{self.version}版（{self.get_state_display()}）"

    @property
    def in_studio(self) -> bool:
        """Whether it is still being designed: a draft or waiting for approval."""
        return self.state in (self.State.DRAFT, self.State.PROPOSED)


class SupportYear(models.Model):
    """A region was supported by a program in a fiscal year: the clock of C-09 and the history of both programs."""

    class Basis(models.TextChoices):
        SOURCED = "sourced", "出典あり"
        INFERRED = "inferred", "推定"
        DECISION = "decision", "交付決定"
        DEMO = "demo", "デモ"

    program = models.ForeignKey(Program, models.PROTECT, related_name="support_years")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="support_years")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    projects = models.ManyToManyField("regions.Project", related_name="support_years", blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.CharField("出典", max_length=200, blank=True)
    amount_yen = models.PositiveBigIntegerField("交付決定額（円）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "支援の年度"
        ordering = ["region", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["program", "region", "fiscal_year"], name="support_year_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.program_id} {self.fiscal_year}"
