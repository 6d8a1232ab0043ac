"""Review: stored verdicts, human judgements, internal notes and the bureau's opinion."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Evaluation(models.Model):
    """One run of the rules with the facts it saw and its ruleset: can be run again years later, bit for bit."""

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="evaluations")
    ruleset = models.ForeignKey("subsidies.RuleSetVersion", models.PROTECT, related_name="+")
    stages = models.JSONField("判定した段階")
    facts = models.JSONField("判定に使った事実")
    findings = models.JSONField("判定")
    result = models.CharField("結果", max_length=16)
    fail_count = models.PositiveSmallIntegerField(default=0)
    judge_count = models.PositiveSmallIntegerField(default=0)
    no_data_count = models.PositiveSmallIntegerField(default=0)
    warn_count = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField("判定日時")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "判定"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.made_at}"


class Judgement(models.Model):
    """What a person decided about a rule that asks for one (JUDGE) or lacks data (NO_DATA).

    Recorded by staff, confirmed by the decider with the act that ends the stage.
    """

    class Result(models.TextChoices):
        PASS = "pass", "適合"
        FAIL = "fail", "不適合"

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="judgements")
    rule = models.CharField("ルール", max_length=8)
    result = models.CharField("判断", max_length=4, choices=Result)
    reason = models.TextField("理由")
    points = models.JSONField("個別の問い", default=list, blank=True, help_text="M-06：［問い, はい／いいえ］の並び")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="判断者")
    who = models.CharField("判断者の所属・氏名", max_length=200)
    office_key = models.CharField("所属", max_length=40)
    at = models.DateTimeField("日時")
    snapshot = models.ForeignKey(
        "subsidies.Snapshot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="判断した提出内容"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認者"
    )
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    superseded_at = models.DateTimeField("差替え日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "判断"
        ordering = ["application", "rule", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "rule"], condition=Q(superseded_at=None), name="one_current_judgement_per_rule"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="judgement_has_a_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="judgement_confirmed_at_and_by_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.rule}"


class InternalNote(models.Model):
    """A note among reviewers (庁内限り): never reaches municipal eyes."""

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="notes")
    text = models.TextField("メモ")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    office_key = models.CharField("所属", max_length=40)
    who = models.CharField("記入者", max_length=200)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "審査メモ（庁内限り）"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.at}"


class Opinion(models.Model):
    """The opinion of an office (意見書, 庁内限り): the lead bureau, a concurring bureau or a department."""

    class Priority(models.TextChoices):
        HIGH = "high", "優先して採択すべき"
        NORMAL = "normal", "採択が適当"
        LOW = "low", "慎重な検討を要する"
        AGAINST = "against", "採択は適当でない"

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="opinions")
    office_key = models.CharField("所属", max_length=40)
    who = models.CharField("記入者", max_length=200)
    priority = models.CharField("優先度", max_length=8, choices=Priority, blank=True)
    text = models.TextField("意見")
    proposed_yen = models.PositiveBigIntegerField("交付予定額の案（円）", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "意見（庁内限り）"
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "office_key"], name="one_opinion_per_office"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.office_key}"
