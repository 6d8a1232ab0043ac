"""Where municipalities lie and which of them touch."""

from django.db import models
from django.db.models import F, Q


class Boundary(models.Model):
    """The outline of a municipality as GeoJSON geometry (longitude, latitude in degrees)."""

    class Detail(models.TextChoices):
        FULL = "full", "詳細"
        SIMPLE = "simple", "簡略"

    municipality = models.OneToOneField("municipalities.Municipality", models.CASCADE, primary_key=True)
    detail = models.CharField("精度", max_length=6, choices=Detail)
    geometry = models.JSONField("図形")
    source = models.ForeignKey("municipalities.DataSource", models.PROTECT, related_name="+", verbose_name="出典")

    class Meta:
        verbose_name = verbose_name_plural = "境界"

    def __str__(self) -> str:
        return str(self.municipality_id)


class Adjacency(models.Model):
    """Two municipalities that touch, smaller code first; symmetric by reading both columns."""

    class Kind(models.TextChoices):
        LAND = "land", "陸"
        SEA = "sea", "海"
        DECLARED = "declared", "指定"

    a = models.ForeignKey("municipalities.Municipality", models.CASCADE, related_name="+", verbose_name="コードA")
    b = models.ForeignKey("municipalities.Municipality", models.CASCADE, related_name="+", verbose_name="コードB")
    kind = models.CharField("区分", max_length=10, choices=Kind, default=Kind.LAND)
    border_km = models.DecimalField("境界の長さ（km）", max_digits=7, decimal_places=2, null=True, blank=True)
    cross_prefecture = models.BooleanField("都道府県境", default=False)
    valid_from = models.DateField("開始日", null=True, blank=True)
    valid_to = models.DateField("終了日", null=True, blank=True)
    source = models.ForeignKey("municipalities.DataSource", models.PROTECT, related_name="+", verbose_name="出典")

    class Meta:
        verbose_name = verbose_name_plural = "隣接"
        constraints = [
            models.UniqueConstraint(fields=["a", "b", "kind"], name="adjacency_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="adjacency_smaller_code_first"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id}–{self.b_id}"
