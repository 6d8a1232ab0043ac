"""Stored forecasts (地域の未来予測): whose, of which municipalities, what their staff wrote beside the figures."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import FutureForecastQuerySet


class FutureForecast(models.Model):
    """One edition of a forecast, made by one municipality or by several together (joint).

    While it is made the figures are computed anew; what is published is frozen in `document`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        PUBLISHED = "published", "公表"

    title = models.CharField("題名", max_length=120)
    edition = models.PositiveSmallIntegerField("版", default=1)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name="前の版"
    )
    lead = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="作成市町村")
    towns = models.ManyToManyField("municipalities.Municipality", related_name="+", verbose_name="対象の市町村")
    series = models.ForeignKey(
        "municipalities.PopulationSeries", models.PROTECT, related_name="+", verbose_name="将来推計の版"
    )
    remarks = models.TextField("所見", blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    shown_on = models.DateField("振興局へ示した日", null=True, blank=True)
    published_on = models.DateField("公表日", null=True, blank=True)
    document = models.OneToOneField(
        "common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公表した文書"
    )
    revision = models.PositiveIntegerField("更新番号", default=1)
    changed_at = models.DateTimeField("更新日時")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="更新者")

    objects = FutureForecastQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地域の未来予測"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(edition=1, previous=None) | Q(edition__gt=1, previous__isnull=False),
                name="forecast_first_edition_has_none_before",
            ),
            models.CheckConstraint(condition=~Q(previous=F("id")), name="forecast_does_not_follow_itself"),
            models.CheckConstraint(
                condition=Q(state="draft", published_on=None, document=None)
                | Q(state="published", published_on__isnull=False, document__isnull=False),
                name="forecast_published_has_day_and_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.edition}版"

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: ours ● while it is made, done ■ published."""
        return "done" if self.state == self.State.PUBLISHED else "ours"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class ForecastOwner(models.Model):
    """A municipality in whose name the forecast is published, once its approver has agreed to this wording."""

    forecast = models.ForeignKey(FutureForecast, models.CASCADE, related_name="owners")
    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="作成市町村"
    )
    agreed_at = models.DateTimeField("公表に同意した日時", null=True, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "未来予測の作成市町村"
        ordering = ["municipality"]
        constraints = [
            models.UniqueConstraint(fields=["forecast", "municipality"], name="forecast_owner_once"),
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None) | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="forecast_agreed_at_and_by_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forecast_id} {self.municipality_id}"


class ForecastIssue(models.Model):
    """A priority issue (優先課題) that the owners see in the figures."""

    forecast = models.ForeignKey(FutureForecast, models.CASCADE, related_name="issues")
    number = models.PositiveSmallIntegerField("順位")
    field = models.ForeignKey(
        "municipalities.ServiceField", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分野"
    )
    issue = models.CharField("優先課題", max_length=200)
    next_step = models.CharField("次に話し合うこと", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "優先課題"
        ordering = ["forecast", "number"]
        constraints = [models.UniqueConstraint(fields=["forecast", "number"], name="forecast_issue_number_once")]

    def __str__(self) -> str:
        return self.issue


class ForecastComment(models.Model):
    """What a bureau says about a forecast."""

    forecast = models.ForeignKey(FutureForecast, models.CASCADE, related_name="comments")
    office = models.CharField("所属", max_length=60)
    text = models.TextField("意見")
    written_at = models.DateTimeField("日時")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "未来予測への意見"
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"{self.forecast_id} {self.office}"
