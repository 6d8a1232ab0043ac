"""What was submitted, frozen: each submission is a version that is never edited."""

from django.conf import settings
from django.db import models


class Snapshot(models.Model):
    """The whole content of an application at one submission, as plain JSON with its SHA-256."""

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField("版")
    phase = models.CharField("段階", max_length=8)
    data = models.JSONField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField("日時")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "提出時の内容"
        ordering = ["application", "version"]
        constraints = [models.UniqueConstraint(fields=["application", "version"], name="snapshot_version_once")]

    def __str__(self) -> str:
        return f"{self.application_id} 第{self.version}版"
