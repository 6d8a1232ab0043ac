"""Who did what: append-only events, each chained to the one before by its hash."""

from django.db import models


class AuditHead(models.Model):
    """The last link of the chain: one row, locked while an event is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_event = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "監査記録の末尾"


class AuditEvent(models.Model):
    """One change, or one look at a paper marked 庁内限り. Triggers refuse to update or delete it."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("日時")
    user_id = models.BigIntegerField("利用者", null=True)
    who = models.CharField("氏名・所属", max_length=200)
    duties = models.CharField("役割", max_length=60)
    office_key = models.CharField("所属コード", max_length=40)
    ip = models.CharField("IPアドレス", max_length=45)
    action = models.CharField("行為", max_length=60)
    title = models.CharField("見出し", max_length=200)
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象", max_length=40)
    internal = models.BooleanField("庁内限り", default=False)
    reason = models.TextField("理由")
    before = models.JSONField("変更前")
    after = models.JSONField("変更後")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "監査記録"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["user_id", "-id"], name="audit_user"),
            models.Index(fields=["-at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.title}"
