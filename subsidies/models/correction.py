"""Return for correction (差戻し): what to mend, until when, and the town's answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CorrectionRound(models.Model):
    """One return. Its items must all be answered before the application is submitted again."""

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField("回")
    office_key = models.CharField("差し戻した所属", max_length=40)
    returned_from = models.CharField("差戻し前の状態", max_length=20)
    due_on = models.DateField("期限")
    message = models.TextField("伝えること", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("日時")
    resubmitted_at = models.DateTimeField("再提出日時", null=True, blank=True)
    reminded_on = models.DateField("督促日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "補正依頼"
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="correction_round_once")]

    def __str__(self) -> str:
        return f"{self.application_id} 第{self.number}回"


class CorrectionItem(models.Model):
    """One thing to mend, with the place in the form where it stands."""

    class Target(models.TextChoices):
        BASIC = "basic", "基本情報"
        MEMBERS = "members", "構成市町村"
        PROJECTS = "projects", "取組・分野"
        COSTS = "costs", "経費"
        KPI = "kpi", "KPI"
        DOCUMENTS = "documents", "添付書類"

    round = models.ForeignKey(CorrectionRound, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField("番号")
    target = models.CharField("箇所", max_length=10, choices=Target)
    rule = models.CharField("関係するルール", max_length=8, blank=True)
    text = models.TextField("補正してほしいこと")
    answer = models.TextField("回答", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回答者"
    )
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "補正項目"
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="correction_item_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="correction_answer_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}-{self.number}"
