"""Population: actuals and projections as series that never mix."""

from django.db import models
from django.db.models import F, Q


class PopulationSeries(models.Model):
    """One published series: the census, or one edition of the projection (平成30年推計 …)."""

    class Kind(models.TextChoices):
        ACTUAL = "actual", "実績"
        PROJECTION = "projection", "推計"

    code = models.SlugField("コード", primary_key=True, max_length=20)
    kind = models.CharField("区分", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=60)
    publisher = models.CharField("公表者", max_length=60)
    edition = models.CharField("版", max_length=40, blank=True)
    base_year = models.PositiveSmallIntegerField("基準年", null=True, blank=True)
    partial = models.BooleanField("一部の市町村のみ", default=False)
    source = models.ForeignKey("municipalities.DataSource", models.PROTECT, related_name="series", verbose_name="出典")
    order = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "人口系列"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="actual", base_year=None) | Q(kind="projection", base_year__isnull=False),
                name="projection_has_a_base_year",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PopulationFigure(models.Model):
    """The people of one municipality in one year of one series; a group that was not published is empty."""

    series = models.ForeignKey(PopulationSeries, models.PROTECT, related_name="figures")
    municipality = models.ForeignKey("municipalities.Municipality", models.CASCADE, related_name="population")
    year = models.PositiveSmallIntegerField("年")
    total = models.PositiveIntegerField("総人口", null=True, blank=True)
    age_0_14 = models.PositiveIntegerField("0-14歳", null=True, blank=True)
    age_15_64 = models.PositiveIntegerField("15-64歳", null=True, blank=True)
    age_65_over = models.PositiveIntegerField("65歳以上", null=True, blank=True)
    age_75_over = models.PositiveIntegerField("75歳以上", null=True, blank=True)
    age_unknown = models.PositiveIntegerField("年齢不詳", null=True, blank=True)
    note = models.CharField("備考", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人口"
        constraints = [
            models.UniqueConstraint(fields=["series", "municipality", "year"], name="population_figure_once"),
            models.CheckConstraint(
                condition=Q(age_75_over=None) | Q(age_65_over=None) | Q(age_75_over__lte=F("age_65_over")),
                name="age_75_is_part_of_65",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "series", "year"], name="population_of_town")]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.series_id} {self.year}"
