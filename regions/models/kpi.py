"""Performance indicators (KPI) of initiatives: baseline, yearly path, target with its qualifier."""

from django.db import models
from django.db.models import Q

from ..querysets import KpiQuerySet

NEW = "新規"  # how a baseline is written where nothing was measured before


class Kpi(models.Model):
    """One indicator. 新規 baselines have no value; targets may be negative, zero or 全市町村."""

    class Kind(models.TextChoices):
        OUTPUT = "output", "アウトプット"
        OUTCOME = "outcome", "アウトカム"

    class Direction(models.TextChoices):
        UP = "up", "増やす"
        DOWN = "down", "減らす"
        KEEP = "keep", "維持する"

    class Qualifier(models.TextChoices):
        NONE = "", "（なし）"
        AT_LEAST = "at_least", "以上"
        KEEP = "keep", "維持"
        AT_MOST = "at_most", "以下"
        ALL = "all", "全数"

    project = models.ForeignKey("regions.Project", models.CASCADE, related_name="kpis", verbose_name="取組")
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("指標名", max_length=100)
    unit = models.CharField("単位", max_length=20)
    kind = models.CharField("種別", max_length=8, choices=Kind, default=Kind.OUTCOME)
    direction = models.CharField("方向", max_length=6, choices=Direction, default=Direction.UP)
    cumulative = models.BooleanField("累計", default=False)
    baseline_is_new = models.BooleanField("基準値は「新規」", default=False)
    baseline = models.DecimalField("基準値", max_digits=16, decimal_places=3, null=True, blank=True)
    baseline_fy = models.PositiveSmallIntegerField("基準年度", null=True, blank=True)
    target = models.DecimalField("目標値", max_digits=16, decimal_places=3, null=True, blank=True)
    qualifier = models.CharField("条件", max_length=10, choices=Qualifier, default=Qualifier.NONE, blank=True)
    target_fy = models.PositiveSmallIntegerField("目標年度", null=True, blank=True)
    data_source = models.CharField("データの出所", max_length=120, blank=True)
    revision = models.PositiveIntegerField("更新番号", default=1)  # counts writings of plan and actuals alike
    changed_at = models.DateTimeField("更新日時", null=True, blank=True)

    objects = KpiQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "KPI"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="kpi_number_once_in_project"),
            models.CheckConstraint(
                condition=Q(baseline_is_new=False) | Q(baseline=None), name="kpi_new_baseline_has_no_value"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KpiTarget(models.Model):
    """The value planned for one fiscal year."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="targets")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("計画値", max_digits=16, decimal_places=3)

    class Meta:
        verbose_name = verbose_name_plural = "KPIの年度計画"
        ordering = ["fiscal_year"]
        constraints = [models.UniqueConstraint(fields=["kpi", "fiscal_year"], name="kpi_target_once_a_year")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.value}"


class KpiActual(models.Model):
    """The value reached in one fiscal year, with what it rests on."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="actuals")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("実績値", max_digits=16, decimal_places=3)
    evidence = models.CharField("根拠", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "KPIの実績"
        ordering = ["fiscal_year"]
        constraints = [models.UniqueConstraint(fields=["kpi", "fiscal_year"], name="kpi_actual_once_a_year")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.value}"
