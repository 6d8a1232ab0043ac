"""Policy fields (分野). Which program takes which field is a matter of its ruleset, not of this table."""

from django.db import models


class Field(models.Model):
    """One policy field; the group is for display only."""

    class Group(models.TextChoices):
        LIFE = "life", "生活機能"
        NETWORK = "network", "結びつき・ネットワーク"
        MANAGEMENT = "management", "地域マネジメント"

    code = models.SlugField("コード", primary_key=True, max_length=30)
    name = models.CharField("分野", max_length=30, unique=True)
    group = models.CharField("区分", max_length=12, choices=Group)
    order = models.PositiveSmallIntegerField("表示順", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "分野"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name
