"""How an office reads the columns of a sheet that is not ours, kept for the next file of the same make."""

from django.db import models

from ..querysets import SheetMappingQuerySet


class SheetMapping(models.Model):
    """Which heading feeds which field, for one kind of sheet; found again by the signature of its headings."""

    office_key = models.CharField("所属", max_length=40)
    kind = models.CharField("様式", max_length=10)
    name = models.CharField("名前", max_length=60)
    signature = models.CharField("見出しの署名", max_length=64)
    mapping = models.JSONField("列の対応")
    last_used_at = models.DateTimeField("最後に使った日時")

    objects = SheetMappingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列の対応"
        ordering = ["-last_used_at"]
        constraints = [
            models.UniqueConstraint(fields=["office_key", "kind", "signature"], name="sheet_mapping_once"),
        ]

    def __str__(self) -> str:
        return self.name
