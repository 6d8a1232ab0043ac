"""What the towns report on a grant: 実績報告 on the plan's own lines, and what had to be mended in it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .cost import IncomeLine


class Report(models.Model):
    """The performance report (実績報告) of one grant, opened with the plan's lines in it when the work is over."""

    class State(models.TextChoices):
        DUE = "due", "未提出"
        SUBMITTED = "submitted", "提出済"
        RETURNED = "returned", "補正依頼"
        ACCEPTED = "accepted", "検査済"

    application = models.OneToOneField("subsidies.Application", models.PROTECT, related_name="report")
    state = models.CharField("状態", max_length=10, choices=State, default=State.DUE)
    revision = models.PositiveIntegerField("更新番号", default=1)
    finished_on = models.DateField("事業完了日")
    due_on = models.DateField("提出期限")
    work_done = models.TextField("実施した内容", blank=True)
    effect = models.TextField("事業の効果", blank=True)
    problems = models.TextField("課題", blank=True)
    outlook = models.TextField("今後の見通し", blank=True)
    document_no = models.CharField("報告文書の番号", max_length=40, blank=True)
    opened_at = models.DateTimeField("作成開始日時")
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出者"
    )
    saved_at = models.DateTimeField("保存日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "実績報告"
        ordering = ["application"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="due") | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="report_submitted_names_time_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_state_display()}"


class ReportCost(models.Model):
    """What one line of the plan really cost (whole yen); empty until somebody has typed it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="costs")
    cost = models.ForeignKey("subsidies.CostLine", models.PROTECT, related_name="+", verbose_name="経費")
    actual_yen = models.PositiveBigIntegerField("実績額（円）", null=True, blank=True)
    eligible_yen = models.PositiveBigIntegerField("うち対象額（円）", null=True, blank=True)
    note = models.CharField("計画との差の理由", max_length=200, blank=True)
    evidence = models.CharField("証拠書類の番号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "実績報告の経費"
        ordering = ["report", "cost__number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "cost"], name="report_tells_a_cost_once"),
            models.CheckConstraint(
                condition=Q(eligible_yen=None) | Q(actual_yen__isnull=False, eligible_yen__lte=F("actual_yen")),
                name="reported_eligible_is_part_of_actual",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.cost_id}"


class ReportIncome(models.Model):
    """What really came in besides the grant, on the plan's lines and on new ones (`planned_yen` 0)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="incomes")
    number = models.PositiveSmallIntegerField("行番号")
    kind = models.CharField("区分", max_length=10, choices=IncomeLine.Kind)
    description = models.CharField("内容", max_length=200)
    planned_yen = models.PositiveBigIntegerField("計画額（円）", default=0)
    actual_yen = models.PositiveBigIntegerField("実績額（円）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "実績報告の収入"
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_income_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.description}"


class ReportShare(models.Model):
    """One member's part of the grant after the work: the split of the settlement (構成市町村別精算)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="shares")
    municipality = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+")
    planned_yen = models.PositiveBigIntegerField("決定時の配分額（円）")
    actual_yen = models.PositiveBigIntegerField("精算の配分額（円）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "構成市町村別の精算"
        ordering = ["report", "municipality"]
        constraints = [models.UniqueConstraint(fields=["report", "municipality"], name="report_share_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.municipality_id}"


class ReportItem(models.Model):
    """One thing to mend in a submitted report (T30), and what the town answered."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="items")
    round = models.PositiveSmallIntegerField("回")
    number = models.PositiveSmallIntegerField("番号")
    text = models.TextField("補正してほしいこと")
    due_on = models.DateField("期限")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("日時")
    answer = models.TextField("回答", blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "実績報告の補正項目"
        ordering = ["report", "round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "round", "number"], name="report_item_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="report_answer_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.round}-{self.number}"


class CaseSheet(models.Model):
    """What others can learn from one initiative (事例シート, N-08): its effect, its cost, what stood in the way."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="case_sheets")
    project = models.ForeignKey("regions.Project", models.PROTECT, related_name="+", verbose_name="取組")
    title = models.CharField("事例の名称", max_length=100, blank=True)
    effect = models.TextField("効果（数で）", blank=True)
    cost_yen = models.PositiveBigIntegerField("かかった費用（円）", null=True, blank=True)
    obstacles = models.TextField("苦労した点・工夫", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事例シート"
        ordering = ["report", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "project"], name="case_sheet_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.project_id}"

    @property
    def is_complete(self) -> bool:
        """Whether every part is written; only then is it a case sheet for N-08."""
        return bool(self.title and self.effect and self.cost_yen is not None and self.obstacles)


class ReportReminder(models.Model):
    """The bureau urged a report (実績報告の督促, D-16): until when it was due, until when it is asked for now."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="reminders")
    sent_on = models.DateField("督促日")
    old_due_on = models.DateField("これまでの期限")
    new_due_on = models.DateField("新しい期限")
    text = models.TextField("添える言葉", blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="督促した人")
    document = models.OneToOneField("common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "実績報告の督促"
        ordering = ["report", "sent_on"]
        constraints = [models.UniqueConstraint(fields=["report", "sent_on"], name="report_urged_once_a_day")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.sent_on}"
