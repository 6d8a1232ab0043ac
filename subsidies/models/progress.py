"""How a grant stands while the work runs: 遂行状況報告 as of a day, by initiative and by 節."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .cost import CostLine


class ProgressReport(models.Model):
    """One progress report: written by the towns, submitted by the lead's approver, read by the bureau."""

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        SUBMITTED = "submitted", "提出済"
        ACCEPTED = "accepted", "確認済"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="progress_reports")
    as_of = models.DateField("基準日")
    due_on = models.DateField("提出期限", null=True, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField("更新番号", default=1)
    problems = models.TextField("課題", blank=True)
    outlook = models.TextField("今後の見通し", blank=True)
    document_no = models.CharField("報告文書の番号", max_length=40, blank=True)
    opened_at = models.DateTimeField("作成開始日時")
    saved_at = models.DateTimeField("保存日時", null=True, blank=True)
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出者"
    )
    comment = models.TextField("振興局の意見", blank=True)
    accepted_at = models.DateTimeField("確認日時", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "遂行状況報告"
        ordering = ["application", "as_of"]
        constraints = [
            models.UniqueConstraint(fields=["application", "as_of"], name="progress_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="progress_submitted_names_time_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="progress_accepted_names_time_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.as_of}"


class ProgressItem(models.Model):
    """How far one initiative has come; empty until somebody has typed it."""

    progress = models.ForeignKey(ProgressReport, models.CASCADE, related_name="items")
    item = models.ForeignKey("subsidies.ApplicationProject", models.PROTECT, related_name="+", verbose_name="取組")
    done_percent = models.PositiveSmallIntegerField("進み具合（％）", null=True, blank=True)
    text = models.TextField("実施した内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "遂行状況（取組）"
        ordering = ["progress", "item__order", "item"]
        constraints = [
            models.UniqueConstraint(fields=["progress", "item"], name="progress_tells_an_initiative_once"),
            models.CheckConstraint(
                condition=Q(done_percent=None) | Q(done_percent__lte=100), name="progress_is_at_most_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.progress_id} {self.item_id}"


class ProgressSpent(models.Model):
    """What was spent so far in one 節 (whole yen)."""

    progress = models.ForeignKey(ProgressReport, models.CASCADE, related_name="spent")
    category = models.CharField("節", max_length=12, choices=CostLine.Category)
    planned_yen = models.PositiveBigIntegerField("計画額（円）")
    spent_yen = models.PositiveBigIntegerField("支出済額（円）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "遂行状況（経費）"
        ordering = ["progress", "id"]
        constraints = [models.UniqueConstraint(fields=["progress", "category"], name="progress_spent_once_a_category")]

    def __str__(self) -> str:
        return f"{self.progress_id} {self.category}"
