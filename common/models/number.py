"""Numbers of documents: one sequence per office, purpose and year; a number once taken is never reused."""

from django.db import models
from django.db.models import Q


class NumberSequence(models.Model):
    """収受番号, 文書番号 and 指令番号 are separate sequences per office and year."""

    class Purpose(models.TextChoices):
        RECEIPT = "receipt", "収受番号"
        DOCUMENT = "document", "文書番号"
        ORDER = "order", "指令番号"

    office_key = models.CharField("所属", max_length=40)
    purpose = models.CharField("種別", max_length=12, choices=Purpose)
    year = models.PositiveSmallIntegerField("年度（または年）")
    pattern = models.CharField("書式", max_length=60, default="{office}第{n}号")
    last_value = models.PositiveIntegerField("最終番号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "番号簿"
        constraints = [
            models.UniqueConstraint(fields=["office_key", "purpose", "year"], name="number_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.office_key} {self.get_purpose_display()} {self.year}"


class NumberEntry(models.Model):
    """One number taken. A voided number keeps its row and its reason: that is the log of gaps (欠番)."""

    sequence = models.ForeignKey(NumberSequence, models.PROTECT, related_name="entries")
    value = models.PositiveIntegerField("番号")
    text = models.CharField("表記", max_length=60)
    taken_on = models.DateField("採番日")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    voided_at = models.DateTimeField("欠番とした日時", null=True, blank=True)
    void_reason = models.CharField("欠番の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "採番の記録"
        constraints = [
            models.UniqueConstraint(fields=["sequence", "value"], name="number_value_once"),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="number_void_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text
