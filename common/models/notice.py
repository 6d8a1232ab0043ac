"""Notices in the portal: addressed to an office and its duties, not to a mailbox."""

from django.conf import settings
from django.db import models

from ..querysets import NoticeQuerySet


class Notice(models.Model):
    """A line on the start page of everyone in that office who holds one of the duties."""

    class Kind(models.TextChoices):
        DEADLINE = "deadline", "期限の知らせ"
        GRANTS = "grants", "申請・交付金の手続"
        REGIONS = "regions", "地域・協定・会議"
        OFFICE = "office", "異動の引継ぎ・不在"
        OTHER = "other", "その他"

    office_key = models.CharField("宛先の所属", max_length=40)
    duties = models.CharField("宛先の役割", max_length=60, help_text="空欄は全員。例：MP,MA")
    title = models.CharField("件名", max_length=200)
    body = models.TextField("本文", blank=True)
    url = models.CharField("リンク先", max_length=200, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.OTHER)
    created_at = models.DateTimeField("日時")
    queued_at = models.DateTimeField("メールに回した日時", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["office_key", "-created_at"], name="notice_office")]

    def __str__(self) -> str:
        return self.title


class NoticeRead(models.Model):
    """Who has seen a notice, and when."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField("既読日時")

    class Meta:
        verbose_name = verbose_name_plural = "既読"
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.user_id}"


class NoticeMail(models.Model):
    """A notice that goes to an address by mail: once ever, together with what else is due there at the time."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="mails")
    address = models.EmailField("宛先")
    due_at = models.DateTimeField("送る日時")
    mailed_at = models.DateTimeField("送った日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "お知らせのメール"
        constraints = [models.UniqueConstraint(fields=["notice", "address"], name="notice_mail_once")]
        indexes = [models.Index(fields=["mailed_at", "due_at"], name="notice_mail_due")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.address}"
