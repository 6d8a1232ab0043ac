"""Approval (決裁) and decision (交付決定 …)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ApprovalRoute(models.Model):
    """One draft in circulation (起案): what is proposed, by whom, and who must agree."""

    class Act(models.TextChoices):
        SELECT = "select", "内定"
        NOT_SELECT = "not_select", "不採択"
        GRANT = "grant", "交付決定"
        REFUSE = "refuse", "不交付決定"

    class State(models.TextChoices):
        CIRCULATING = "circulating", "決裁中"
        APPROVED = "approved", "決裁済"
        SENT_BACK = "sent_back", "差戻し"

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="routes")
    act = models.CharField("処分", max_length=12, choices=Act)
    state = models.CharField("状態", max_length=12, choices=State, default=State.CIRCULATING)
    subject = models.CharField("件名", max_length=200)
    plan = models.TextField("処分の案・理由")
    conditions = models.TextField("付ける条件", blank=True)
    amount_yen = models.PositiveBigIntegerField("金額（円）", null=True, blank=True)
    classification = models.CharField("分類", max_length=60, blank=True)
    retention_years = models.PositiveSmallIntegerField("保存年数")
    external_number = models.CharField("文書管理番号", max_length=60, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起案者")
    drafted_who = models.CharField("起案者の所属・氏名", max_length=200)
    drafted_at = models.DateTimeField("起案日時")
    closed_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "起案"
        ordering = ["application", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="circulating"), name="one_draft_in_circulation"
            ),
            models.CheckConstraint(
                condition=~Q(act__in=["grant", "select"]) | Q(amount_yen__isnull=False),
                name="a_grant_draft_has_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class ApprovalStep(models.Model):
    """One person's turn in the circulation: 合議 (a department agrees) or 決裁 (the decider)."""

    class Kind(models.TextChoices):
        CONCUR = "concur", "合議"
        DECIDE = "decide", "決裁"

    class Result(models.TextChoices):
        WAITING = "waiting", "未"
        AGREED = "agreed", "同意"
        OBJECTED = "objected", "異議"
        SENT_BACK = "sent_back", "差戻し"

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField("順")
    kind = models.CharField("区分", max_length=8, choices=Kind)
    office_key = models.CharField("所属", max_length=100)
    duty = models.CharField("役割", max_length=2)
    label = models.CharField("表示名", max_length=100)
    result = models.CharField("結果", max_length=10, choices=Result, default=Result.WAITING)
    acting = models.BooleanField("代決", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    who = models.CharField("氏名", max_length=200, blank=True)
    at = models.DateTimeField("日時", null=True, blank=True)
    comment = models.TextField("意見", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "決裁の段"
        ordering = ["route", "order"]
        constraints = [
            models.UniqueConstraint(fields=["route", "order"], name="approval_step_once"),
            models.CheckConstraint(
                condition=Q(result="waiting", by=None, at=None)
                | (~Q(result="waiting") & Q(by__isnull=False, at__isnull=False)),
                name="approval_step_result_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(result="objected") | ~Q(comment=""), name="approval_step_objection_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route_id}-{self.order}"


class Decision(models.Model):
    """A decision in the authority's name, with its number and its paper."""

    class Kind(models.TextChoices):
        SELECTED = "selected", "内定"
        NOT_SELECTED = "not_selected", "不採択"
        GRANTED = "granted", "交付決定"
        REFUSED = "refused", "不交付決定"
        FIXED = "fixed", "額の確定"
        RETURN = "return", "返還命令"
        CHANGED = "changed", "変更承認"
        SUSPENDED = "suspended", "中止承認"
        DISCONTINUED = "discontinued", "廃止承認"
        REVOKED = "revoked", "取消"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="decisions")
    route = models.OneToOneField(ApprovalRoute, models.PROTECT, null=True, blank=True, related_name="decision")
    kind = models.CharField("区分", max_length=14, choices=Kind)
    amount_yen = models.PositiveBigIntegerField("金額（円）", null=True, blank=True)
    conditions = models.TextField("条件", blank=True)
    reason = models.TextField("理由", blank=True)
    apply_by = models.DateField(
        "交付申請の期限", null=True, blank=True
    )  # of a 内定: until when the grant is applied for
    decided_on = models.DateField("決定日")
    decided_at = models.DateTimeField("決定日時")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="決裁者")
    document = models.OneToOneField(
        "common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="通知書"
    )
    letter_number = models.CharField("通知書の番号", max_length=60, blank=True)  # once the letter itself is erased
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    class Meta:
        verbose_name = verbose_name_plural = "決定"
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=Q(superseded_by=None)
                & ~Q(kind__in=["revoked", "return", "changed", "suspended"]),  # one may follow or build on another
                name="one_valid_decision_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["granted", "selected", "fixed", "return", "changed", "revoked"])
                | Q(amount_yen__isnull=False),
                name="a_grant_decision_has_an_amount",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["refused", "not_selected"]) | ~Q(reason=""), name="a_refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_kind_display()}"
