"""What change of people means for the services of a municipality: fields, their issues, and what is measured."""

from django.db import models
from django.db.models import Q

PEOPLE = "people."  # `people.65+`: a group of the chosen edition; anything else is the code of an indicator


class ServiceField(models.Model):
    """A field of services with the issues that a report names for it."""

    code = models.SlugField("コード", primary_key=True, max_length=40)
    name = models.CharField("分野", max_length=40)
    issues = models.JSONField("想定される課題", default=list, help_text='例：["人材不足", "税収減"]')
    question = models.CharField("話し合いの手がかり", max_length=300, blank=True)
    source = models.CharField("出典", max_length=200)
    order = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "サービスの分野"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class ServiceMeasure(models.Model):
    """One figure of a field: an indicator, a group of people, or the ratio or difference of two of them."""

    class Kind(models.TextChoices):
        SUM = "sum", "合計"
        DIFFERENCE = "difference", "差"
        RATIO = "ratio", "比"
        EACH = "each", "市町村ごと"

    code = models.SlugField("コード", primary_key=True, max_length=40)
    field = models.ForeignKey(ServiceField, models.CASCADE, related_name="measures", verbose_name="分野")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("計算", max_length=10, choices=Kind)
    of = models.CharField("もとの値", max_length=60, help_text="指標のコード、または people.65+ など")
    by = models.CharField("比べる値", max_length=60, blank=True)
    times = models.PositiveIntegerField("倍率", default=1)
    digits = models.PositiveSmallIntegerField("小数の桁", default=0)
    unit = models.CharField("単位", max_length=20, blank=True)
    ahead = models.BooleanField("2040年の見通しを示す", default=False)
    meaning = models.CharField("読み方", max_length=200)
    order = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "分野の指標"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind__in=["sum", "each"]) & Q(by="")) | (Q(kind__in=["difference", "ratio"]) & ~Q(by="")),
                name="two_values_for_ratio_and_difference",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> tuple[str, ...]:
        """The values it is made of: one, or two."""
        return (self.of, self.by) if self.by else (self.of,)
