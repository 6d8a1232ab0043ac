"""What changes a granted application while the work runs: 変更, 軽微な変更, 中止, 廃止, 遅延 (T22–T25)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

OPEN = ("draft", "submitted", "returned")


class ChangeRequest(models.Model):
    """One request or notice, numbered within its application. The plan that was granted is never overwritten.

    `before` and `after` are plans as `subsidies.approved_plan.Plan` writes them. While the towns still write, `before`
    is what was approved when they began; each submission freezes both as a `ChangeVersion`.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", "変更"
        LIGHT = "light", "軽微な変更"
        SUSPEND = "suspend", "中止"
        DISCONTINUE = "discontinue", "廃止"
        DELAY = "delay", "遅延"

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        SUBMITTED = "submitted", "審査中"
        RETURNED = "returned", "補正依頼"
        APPROVED = "approved", "承認"
        FILED = "filed", "届出済"
        REFUSED = "refused", "不承認"
        WITHDRAWN = "withdrawn", "取下げ"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField("番号")
    kind = models.CharField("区分", max_length=12, choices=Kind)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField("更新番号", default=1)
    before = models.JSONField("変更前")
    after = models.JSONField("変更後")
    reason = models.TextField("理由", blank=True)
    effective_on = models.DateField("変更・中止・廃止の日", null=True, blank=True)
    work_done = models.TextField("これまでに実施した内容", blank=True)
    spent_yen = models.PositiveBigIntegerField("これまでに要した経費（円）", null=True, blank=True)
    outlook = models.TextField("今後の見通し", blank=True)
    document_no = models.CharField("文書番号", max_length=40, blank=True)
    consents = models.JSONField("構成市町村の同意", default=dict)  # {"014273": {"on": "2026-10-01", "no": "企第1号"}}
    began_from = models.CharField("申請したときの状態", max_length=20, blank=True)

    created_at = models.DateTimeField("作成日時")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作成者")
    saved_at = models.DateTimeField("保存日時")
    handed_at = models.DateTimeField("承認者へ回した日時", null=True, blank=True)
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出者"
    )
    finding = models.JSONField("軽微かどうかの判定", null=True, blank=True)
    return_reason = models.TextField("補正してほしいこと", blank=True)
    returned_at = models.DateTimeField("差戻し日時", null=True, blank=True)
    opinion = models.TextField("振興局の意見", blank=True)
    opinion_fits = models.BooleanField("適当と認める", null=True, blank=True)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="意見を書いた人"
    )
    opinion_who = models.CharField("意見を書いた人の所属・氏名", max_length=200, blank=True)
    opinion_at = models.DateTimeField("意見の日時", null=True, blank=True)
    closed_at = models.DateTimeField("決定・届出の日時", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="決裁者"
    )
    closed_who = models.CharField("決裁者の所属・氏名", max_length=200, blank=True)
    answer = models.TextField("決裁者の意見・承認しない理由", blank=True)
    crosses_year = models.BooleanField("完了予定日が年度の末日を過ぎる", default=False)
    decision = models.OneToOneField(
        "subsidies.Decision", models.PROTECT, null=True, blank=True, related_name="change", verbose_name="決定"
    )

    class Meta:
        verbose_name = verbose_name_plural = "変更・中止・遅延"
        ordering = ["application", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="change_number_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=OPEN), name="one_open_change_of_an_application"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(submitted_at__isnull=False, submitted_by__isnull=False) & ~Q(reason="")),
                name="a_submitted_change_names_time_person_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(opinion="", opinion_by=None) | (~Q(opinion="") & Q(opinion_by__isnull=False)),
                name="a_change_opinion_names_its_writer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "filed", "refused"])
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_closed_change_names_time_and_person",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="a_refused_change_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(opinion_by=models.F("closed_by")),
                name="who_wrote_the_opinion_does_not_decide",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_kind_display()}{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in OPEN

    @property
    def editable(self) -> bool:
        """Whether the towns may still write: before submission and while a correction is asked for."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def title(self) -> str:
        """第2号 変更."""
        return f"第{self.number}号 {self.get_kind_display()}"


class ChangeVersion(models.Model):
    """What was submitted, frozen: plans before and after with the words, and their SHA-256. Never edited."""

    change = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("版")
    data = models.JSONField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField("日時")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    document = models.OneToOneField(
        "common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申請書"
    )

    class Meta:
        verbose_name = verbose_name_plural = "提出した変更の内容"
        ordering = ["change", "version"]
        constraints = [models.UniqueConstraint(fields=["change", "version"], name="change_version_once")]

    def __str__(self) -> str:
        return f"{self.change_id} 第{self.version}版"
