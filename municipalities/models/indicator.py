"""Other published figures of a municipality: finance, staff, schools, clinics, dwellings."""

from django.db import models


class Indicator(models.Model):
    """One published measure with its unit."""

    code = models.SlugField("コード", primary_key=True, max_length=60)
    name = models.CharField("名称", max_length=80)
    unit = models.CharField("単位", max_length=20, blank=True)
    source = models.ForeignKey("municipalities.DataSource", models.PROTECT, related_name="indicators")
    order = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "指標"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class IndicatorValue(models.Model):
    """The value of an indicator for one municipality and year, exactly as published."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="values")
    municipality = models.ForeignKey("municipalities.Municipality", models.CASCADE, related_name="indicators")
    year = models.PositiveSmallIntegerField("年")
    value = models.DecimalField("値", max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = verbose_name_plural = "指標値"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "municipality", "year"], name="indicator_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.indicator_id} {self.year}"
