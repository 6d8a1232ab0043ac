"""Files that people upload: private, typed by content, named by their hash."""

from django.conf import settings
from django.db import models

from ..querysets import StoredFileQuerySet


class StoredFile(models.Model):
    """One uploaded file. Its subject says who may download it; no URL leads to the storage itself."""

    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象", max_length=40)
    label = models.CharField("書類の名前", max_length=100)
    name = models.CharField("ファイル名", max_length=200)
    content_type = models.CharField("種類", max_length=100)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField("ファイル", upload_to="uploads/%Y/%m/", max_length=200)
    internal = models.BooleanField("庁内限り", default=False)
    office_key = models.CharField("登録した所属", max_length=40)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登録者"
    )  # empty: the system itself (a command of the administrator)
    uploaded_at = models.DateTimeField("登録日時")
    removed_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "添付ファイル"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name
