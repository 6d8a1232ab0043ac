"""What an office says about a paper of another: the columns that every such comment has."""

from django.conf import settings
from django.db import models


class OfficeComment(models.Model):
    """One comment; `office` is the name it bore then, `office_key` says whose it is."""

    office = models.CharField("所属", max_length=80)
    office_key = models.CharField("所属の記号", max_length=40)
    text = models.TextField("意見")
    written_at = models.DateTimeField("日時")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.office} {self.written_at}"
