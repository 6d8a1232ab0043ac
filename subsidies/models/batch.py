"""Batch work of reviewers and accounting (まとめて処理): one act on several applications, a result for each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..querysets import BatchQuerySet


class CaseOpening(models.Model):
    """Who last opened the draft of a decision, and when: only what was opened may be decided in a batch."""

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="開いた人")
    at = models.DateTimeField("開いた日時")

    class Meta:
        verbose_name = verbose_name_plural = "起案の閲覧"
        ordering = ["application", "user"]
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="opening_once_per_person")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.user_id}"


class Batch(models.Model):
    """One act on several applications by one person; `parameters` is what she gave for all of them."""

    class Act(models.TextChoices):
        RECEIVE = "receive", "受付"
        FORWARD = "forward", "進達"
        RETURN = "return", "差戻し"
        DRAFT = "draft", "起案"
        APPROVE = "approve", "決裁"
        PAY = "pay", "支払の記録"

    act = models.CharField("処理", max_length=8, choices=Act)
    parameters = models.JSONField("入力", default=dict)
    office_key = models.CharField("所属", max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="処理した人")
    who = models.CharField("処理した人の所属・氏名", max_length=200)
    at = models.DateTimeField("日時")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "まとめて処理"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_act_display()}"


class BatchRow(models.Model):
    """One application of a batch; done in its own transaction, so that one refusal stops no other row."""

    class State(models.TextChoices):
        WAITING = "waiting", "待機中"
        DONE = "done", "済"
        REFUSED = "refused", "できません"
        UNDONE = "undone", "取り消しました"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="+")
    state = models.CharField("結果", max_length=8, choices=State, default=State.WAITING)
    message = models.TextField("内容", blank=True)
    at = models.DateTimeField("処理日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "まとめて処理の行"
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "application"], name="application_once_in_batch"),
            models.CheckConstraint(
                condition=Q(state="waiting", at=None) | (~Q(state="waiting") & Q(at__isnull=False)),
                name="batch_row_result_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.application_id}"
