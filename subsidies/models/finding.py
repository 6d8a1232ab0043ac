"""A fact that changed after the grant (所見): what a rule says now beside what it said then. Never a revocation."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Finding(models.Model):
    """One rule that reads otherwise on the facts known now; one row for each rule and pair of verdicts.

    `before` and `now` are findings of the verdict as JSON (`rules.verdict.Finding`): result, message, inputs.
    """

    class Conclusion(models.TextChoices):
        NO_ACTION = "no_action", "対応を要しない"
        ASK_LEAD = "ask_lead", "代表市町村に確認する"
        CHANGE = "change", "変更の手続を求める"
        REVOKE = "revoke", "取消しの手続を検討する"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="findings")
    rule = models.CharField("要件", max_length=20)
    title = models.CharField("要件の名称", max_length=200)
    before = models.JSONField("決定時の判定")
    now = models.JSONField("現在の判定")
    digest = models.CharField("判定の照合値", max_length=64)
    found_at = models.DateTimeField("見つけた日時")
    gone_at = models.DateTimeField("解消した日時", null=True, blank=True)
    conclusion = models.CharField("結論", max_length=10, choices=Conclusion, blank=True)
    note = models.TextField("結論の理由", blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認者"
    )
    concluded_who = models.CharField("確認者の所属・氏名", max_length=200, blank=True)
    concluded_at = models.DateTimeField("確認日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "所見"
        ordering = ["application", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "digest"], name="finding_once"),
            models.CheckConstraint(
                condition=Q(conclusion="") | (~Q(note="") & Q(concluded_at__isnull=False)),
                name="finding_concluded_says_why_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.rule}"
