"""Papers that were issued: the frozen data, the number, and the PDF drawn from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DocumentIssue(models.Model):
    """One issued paper (D-01 …). Its snapshot never changes; the PDF is a rendering of the snapshot."""

    kind = models.CharField("様式", max_length=8)
    template_version = models.CharField("様式の版", max_length=20)
    title = models.CharField("題名", max_length=200)
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象", max_length=40)
    office_key = models.CharField("発行した所属", max_length=40)
    addressee = models.CharField("宛先", max_length=200, blank=True)
    number = models.OneToOneField(
        "common.NumberEntry", models.PROTECT, null=True, blank=True, related_name="document", verbose_name="文書番号"
    )
    issued_on = models.DateField("発行日")
    issued_at = models.DateTimeField("発行日時")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="発行者"
    )
    internal = models.BooleanField("庁内限り", default=False)
    snapshot = models.JSONField("確定データ")
    pdf = models.FileField("PDF", upload_to="documents/%Y/%m/", blank=True, max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("ページ数", null=True, blank=True)
    reprints = models.PositiveSmallIntegerField("再発行の回数", default=0)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name="差替え後"
    )

    class Meta:
        verbose_name = verbose_name_plural = "発行文書"
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "kind"], name="document_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(pdf="", sha256="", pages=None) | (~Q(pdf="") & ~Q(sha256="") & Q(pages__isnull=False)),
                name="document_pdf_and_hash_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"
