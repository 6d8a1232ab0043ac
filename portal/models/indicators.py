"""The three indicators of the prefecture (report table 10): what is planned, what was measured."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import PrefIndicatorQuerySet


class BaselineAndTarget(models.Model):
    """From where to where a plan of the prefecture wants to come; a word stands where there is no number."""

    baseline = models.IntegerField("基準値", null=True, blank=True)
    baseline_word = models.CharField("基準値（言葉）", max_length=20, blank=True)
    baseline_fy = models.PositiveSmallIntegerField("基準年度")
    target = models.IntegerField("目標値", null=True, blank=True)
    target_word = models.CharField("目標値（言葉）", max_length=20, blank=True)
    qualifier = models.CharField("条件", max_length=20, blank=True)
    target_fy = models.PositiveSmallIntegerField("目標年度")
    source = models.CharField("出典", max_length=200)

    class Meta:
        abstract = True


class PrefIndicator(BaselineAndTarget):
    """One indicator of a prefectural plan: baseline and target with its qualifier; the computed value is never stored.

    `measure` says what is counted beside it. A baseline of 新規 and a target of 全市町村 have a word in place of the
    value.
    """

    class Measure(models.TextChoices):
        REGIONS = "regions", "国や道の制度に取り組む地域"
        MUNICIPALITIES = "municipalities", "国や道の制度に取り組む市町村"
        INITIATIVES = "initiatives", "前進プランの取組"

    code = models.CharField("コード", primary_key=True, max_length=20)
    prefecture = models.ForeignKey("municipalities.Prefecture", models.PROTECT, related_name="+")
    name = models.CharField("指標", max_length=100)
    plan = models.CharField("計画", max_length=60)
    unit = models.CharField("単位", max_length=20)
    measure = models.CharField("計算の方法", max_length=20, choices=Measure)
    order = models.PositiveSmallIntegerField("表示順", default=0)

    objects = PrefIndicatorQuerySet.as_manager()

    PLANNED = ("baseline", "baseline_word", "baseline_fy", "target", "target_word", "qualifier", "target_fy", "source")

    class Meta:
        verbose_name = verbose_name_plural = "全道の指標"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline__isnull=False, baseline_word="") | (Q(baseline=None) & ~Q(baseline_word="")),
                name="pref_indicator_baseline_is_value_or_word",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_word="") | (Q(target=None) & ~Q(target_word="")),
                name="pref_indicator_target_is_value_or_word",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PrefIndicatorPlan(BaselineAndTarget):
    """Another baseline and target of an indicator: prepared by headquarters' staff, in force once its decider confirms.

    What is in force stands on the indicator itself; the confirmed rows tell how it came to it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "確認待ち"
        CONFIRMED = "confirmed", "確認済"
        DROPPED = "dropped", "取りやめ"

    indicator = models.ForeignKey(PrefIndicator, models.PROTECT, related_name="plans")
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    entered_at = models.DateTimeField("入力日時")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="入力した人"
    )
    closed_at = models.DateTimeField("確認・取りやめの日時", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "全道の指標の基準値・目標値"
        ordering = ["indicator", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(state="waiting"), name="one_waiting_plan_an_indicator"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(closed_by__isnull=False) & ~Q(closed_by=F("entered_by"))),
                name="pref_indicator_plan_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_at=None) | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="pref_indicator_plan_closed_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.get_state_display()}"


class PrefIndicatorValue(models.Model):
    """The official value of one fiscal year with its source: entered by headquarters' staff, confirmed by its decider.

    Values that came with the reference data (`entered_by` empty) count as confirmed: they are published.
    """

    indicator = models.ForeignKey(PrefIndicator, models.PROTECT, related_name="values")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    value = models.IntegerField("公表値")
    source = models.CharField("出典", max_length=200)
    entered_at = models.DateTimeField("入力日時", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入力した人"
    )
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認した人"
    )
    revision = models.PositiveIntegerField("更新番号", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "全道の指標の公表値"
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "fiscal_year"], name="pref_indicator_value_once_a_year"),
            models.CheckConstraint(condition=~Q(source=""), name="pref_indicator_value_has_a_source"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="pref_indicator_value_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(entered_at=None, entered_by=None, confirmed_by=None)
                | Q(entered_at__isnull=False, entered_by__isnull=False),
                name="pref_indicator_value_entered_names_moment_and_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="pref_indicator_value_confirmed_names_moment_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.fiscal_year} {self.value}"

    @property
    def confirmed(self) -> bool:
        """Whether everyone may read it."""
        return self.entered_by_id is None or self.confirmed_at is not None
