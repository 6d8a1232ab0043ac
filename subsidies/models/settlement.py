"""From the reported work to the closed file: inspection (検査), fixed amount (額の確定), money paid and returned."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import clock

from ..querysets import PaymentQuerySet


class Inspection(models.Model):
    """The bureau's inspection of a report: what was looked at, what was accepted. A later one replaces the former."""

    class Method(models.TextChoices):
        DESK = "desk", "書面"
        ON_SITE = "on_site", "現地"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="inspections")
    number = models.PositiveSmallIntegerField("回")
    method = models.CharField("方法", max_length=8, choices=Method)
    held_on = models.DateField("検査日")
    checks = models.JSONField("確認した事項", default=list)  # [{"text": …, "ok": true, "note": …}]
    sampled = models.JSONField("確認した証拠書類の行", default=list)  # numbers of cost lines
    findings = models.TextField("所見", blank=True)
    adjustment = models.TextField("報告と異なる額を認めた理由", blank=True)
    eligible_yen = models.PositiveBigIntegerField("認めた対象額（円）")
    other_income_yen = models.PositiveBigIntegerField("その他の収入（円）")
    inspected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="検査員")
    inspected_who = models.CharField("検査員の所属・氏名", max_length=200)
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        verbose_name = verbose_name_plural = "検査"
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="inspection_number_once")]

    def __str__(self) -> str:
        return f"{self.application_id} 検査{self.number}"


class Settlement(models.Model):
    """The fixed amount of a grant (額の確定) with the figures it follows from (whole yen)."""

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="settlements")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="settlements")
    granted_yen = models.PositiveBigIntegerField("交付決定額（円）")
    eligible_yen = models.PositiveBigIntegerField("対象経費の実績（円）")
    other_income_yen = models.PositiveBigIntegerField("その他の収入（円）")
    rate = models.CharField("補助率", max_length=20)
    fixed_yen = models.PositiveBigIntegerField("確定額（円）")
    paid_yen = models.PositiveBigIntegerField("確定の時の支払済額（円）")
    reason = models.TextField("減額の理由", blank=True)
    fixed_on = models.DateField("確定日")
    fixed_at = models.DateTimeField("確定日時")
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="確定した人")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    class Meta:
        verbose_name = verbose_name_plural = "額の確定"
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(superseded_by=None), name="one_valid_settlement"
            ),
            models.CheckConstraint(condition=Q(fixed_yen__lte=F("granted_yen")), name="never_fixed_above_the_grant"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.fixed_yen}"

    @property
    def to_pay_yen(self) -> int:
        """What is still to be paid, 0 where more was paid than fixed."""
        return max(0, self.fixed_yen - self.paid_yen)

    @property
    def to_return_yen(self) -> int:
        """What the towns have to give back, 0 where nothing."""
        return max(0, self.paid_yen - self.fixed_yen)


class Payment(models.Model):
    """One claim for money and what became of it; a return (返納) has its own kind. No account number is kept.

    The lead's planner may prepare it (`draft`); it is claimed, on its day, when the lead's approver submits it.
    """

    class Kind(models.TextChoices):
        ADVANCE = "advance", "概算払"
        FINAL = "final", "精算払"
        RETURN = "return", "返納"

    class State(models.TextChoices):
        DRAFT = "draft", "準備中"
        CLAIMED = "claimed", "請求済"
        APPROVED = "approved", "支払待ち"
        PAID = "paid", "支払済"
        REFUSED = "refused", "不承認"
        TAKEN_BACK = "back", "取下げ"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField("回")
    kind = models.CharField("区分", max_length=8, choices=Kind)
    state = models.CharField("状態", max_length=8, choices=State, default=State.CLAIMED)
    amount_yen = models.PositiveBigIntegerField("金額（円）")
    reason = models.TextField("理由", blank=True)
    document_no = models.CharField("請求文書の番号", max_length=40, blank=True)
    creditor_no = models.CharField("債権者番号", max_length=20, blank=True)
    revision = models.PositiveIntegerField("版", default=1)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="準備した人"
    )
    claimed_on = models.DateField("請求日", null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="請求者"
    )
    document = models.ForeignKey(
        "common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="請求書"
    )
    approved_on = models.DateField("承認日", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承認者"
    )
    due_on = models.DateField("期限", null=True, blank=True)
    paid_on = models.DateField("支払日・納付日", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="記録者"
    )
    answer = models.TextField("承認しない理由", blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支払"
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=["claimed", "approved"]), name="one_open_claim"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="draft"), name="one_claim_in_preparation"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(claimed_on__isnull=False, claimed_by__isnull=False),
                name="payment_claimed_names_day_and_person",
            ),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="payment_is_of_some_money"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False, recorded_by__isnull=False),
                name="payment_paid_names_day_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="payment_approved_names_day_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_kind_display()}{self.number}"

    @property
    def open(self) -> bool:
        """Whether money is still asked for: claimed or approved, and not paid."""
        return self.state in (Payment.State.CLAIMED, Payment.State.APPROVED)

    @property
    def waiting_days(self) -> int | None:
        """How many days it has waited for the next hand; None when nobody is to do anything."""
        since = {Payment.State.CLAIMED: self.claimed_on, Payment.State.APPROVED: self.approved_on}
        day = since.get(Payment.State(self.state))
        return None if day is None else (clock.today() - day).days
