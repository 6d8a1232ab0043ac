"""The offices people belong to; codes point at municipalities and bureaus by value."""

from django.db import models

from common.viewer import OfficeKind


class Office(models.Model):
    """A town hall, a bureau, a section of headquarters or an association. Dossiers belong to it, not to a mailbox."""

    class Kind(models.TextChoices):
        MUNICIPALITY = OfficeKind.MUNICIPALITY.value, "市町村"
        BUREAU = OfficeKind.BUREAU.value, "振興局"
        PREFECTURE = OfficeKind.PREFECTURE.value, "本庁"
        ASSOCIATION = OfficeKind.ASSOCIATION.value, "団体"

    kind = models.CharField("区分", max_length=12, choices=Kind)
    code = models.CharField("コード", max_length=30, help_text="市町村は団体コード6桁、振興局は振興局コード")
    name = models.CharField("名称", max_length=60)
    section = models.CharField("課・係", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "所属"
        ordering = ["kind", "code", "section"]
        constraints = [models.UniqueConstraint(fields=["kind", "code", "section"], name="office_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.section}".strip()
