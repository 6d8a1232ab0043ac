"""Prefectures, their bureaus and which municipality lies under which bureau since when."""

from django.db import models
from django.db.models import F, Q


class Prefecture(models.Model):
    """A prefecture; `terms` holds its own words, so that another prefecture is configuration."""

    code = models.CharField("都道府県コード", primary_key=True, max_length=2)
    name = models.CharField("名称", max_length=10, unique=True)
    terms = models.JSONField(
        "用語", default=dict, blank=True, help_text='例：{"government":"道","bureau":"振興局","headquarters":"本庁"}'
    )

    class Meta:
        verbose_name = verbose_name_plural = "都道府県"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Bureau(models.Model):
    """A sub-prefectural office (振興局, 総合支庁); a branch inside a bureau has it as its parent."""

    code = models.SlugField("コード", primary_key=True, max_length=30)
    prefecture = models.ForeignKey(Prefecture, models.PROTECT, related_name="bureaus", verbose_name="都道府県")
    name = models.CharField("名称", max_length=40)
    short_name = models.CharField("略称", max_length=20)
    symbol = models.CharField("文書記号", max_length=20, blank=True)
    head_title = models.CharField("長の職名", max_length=40)
    seat = models.CharField("所在地", max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")
    order = models.PositiveSmallIntegerField("表示順", default=0)
    valid_from = models.DateField("設置日", null=True, blank=True)
    valid_to = models.DateField("廃止日", null=True, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "振興局"
        ordering = ["prefecture", "order"]
        constraints = [
            models.UniqueConstraint(fields=["prefecture", "name"], name="bureau_name_once_in_prefecture"),
            models.CheckConstraint(condition=~Q(parent=F("code")), name="bureau_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Jurisdiction(models.Model):
    """A municipality lies under a bureau, or one of its branches, from a day on; `valid_to` is the last day."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="jurisdictions")
    municipality = models.ForeignKey("municipalities.Municipality", models.CASCADE, related_name="jurisdictions")
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "所管"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"], condition=Q(valid_to=None), name="one_open_jurisdiction_per_municipality"
            ),
            models.UniqueConstraint(fields=["municipality", "valid_from"], name="jurisdiction_starts_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="jurisdiction_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} → {self.bureau_id}"
