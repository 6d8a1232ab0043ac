"""Revocation of a grant (取消), the return of money (返還命令) and the re-opening of a closed file (再確定)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Revocation(models.Model):
    """One proposal to revoke a grant, its hearing, and what became of it. 庁内限り until it is decided."""

    class Ground(models.TextChoices):
        FALSEHOOD = "falsehood", "虚偽その他不正の手段による交付"
        OTHER_USE = "other_use", "目的外の使用"
        CONDITION = "condition", "交付の条件への違反"
        LAW = "law", "法令又は法令に基づく指示への違反"
        REQUIREMENT = "requirement", "要件の喪失"

    class Scope(models.TextChoices):
        WHOLE = "whole", "全部"
        PART = "part", "一部"

    class State(models.TextChoices):
        PROPOSED = "proposed", "決裁待ち"
        DECIDED = "decided", "取消決定済"
        SENT_BACK = "sent_back", "差戻し"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="revocations")
    number = models.PositiveSmallIntegerField("回")
    state = models.CharField("状態", max_length=10, choices=State, default=State.PROPOSED)
    ground = models.CharField("取消しの事由", max_length=12, choices=Ground)
    scope = models.CharField("取消しの範囲", max_length=6, choices=Scope)
    revoked_yen = models.PositiveBigIntegerField("取り消す額（円）")
    facts = models.TextField("事実の内容")
    hearing_on = models.DateField("弁明を聴いた日", null=True, blank=True)
    hearing_who = models.CharField("弁明した人", max_length=200, blank=True)
    hearing_statement = models.TextField("弁明の内容", blank=True)
    hearing_waived = models.TextField("弁明の機会を設けない理由", blank=True)
    hearing_by = models.CharField("弁明の記録者", max_length=200, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起案者")
    drafted_who = models.CharField("起案者の所属・氏名", max_length=200)
    drafted_at = models.DateTimeField("起案日時")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="決裁者"
    )
    closed_who = models.CharField("決裁者の所属・氏名", max_length=200, blank=True)
    closed_at = models.DateTimeField("決裁日時", null=True, blank=True)
    answer = models.TextField("決裁の意見・差戻しの理由", blank=True)
    decision = models.OneToOneField(
        "subsidies.Decision", models.PROTECT, null=True, blank=True, related_name="revocation", verbose_name="決定"
    )

    class Meta:
        verbose_name = verbose_name_plural = "取消し"
        ordering = ["application", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="revocation_number_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="proposed"), name="one_revocation_proposed"
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(state="sent_back") | ~Q(closed_by=F("drafted_by")),
                name="revocation_is_not_decided_by_its_drafter",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(closed_by__isnull=False, decision__isnull=False),
                name="revocation_decided_names_person_and_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(hearing_on__isnull=False) | ~Q(hearing_waived=""),
                name="revocation_decided_was_heard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} 取消し{self.number}"

    @property
    def heard(self) -> bool:
        """Whether the towns had their say, or it is written down why not."""
        return self.hearing_on is not None or bool(self.hearing_waived)


class RevocationConcurrence(models.Model):
    """A section of headquarters that must agree to a revocation, where the prefecture's configuration asks for it."""

    class Result(models.TextChoices):
        WAITING = "waiting", "未"
        AGREED = "agreed", "同意"
        OBJECTED = "objected", "異議"

    revocation = models.ForeignKey(Revocation, models.CASCADE, related_name="concurrences")
    office_key = models.CharField("所属", max_length=100)
    duty = models.CharField("役割", max_length=2)
    label = models.CharField("表示名", max_length=100)
    result = models.CharField("結果", max_length=10, choices=Result, default=Result.WAITING)
    who = models.CharField("氏名", max_length=200, blank=True)
    at = models.DateTimeField("日時", null=True, blank=True)
    comment = models.TextField("意見", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "取消しの合議"
        ordering = ["revocation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["revocation", "office_key"], name="revocation_concurrence_once"),
            models.CheckConstraint(
                condition=~Q(result="objected") | ~Q(comment=""), name="revocation_objection_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revocation_id} {self.label}"


class ReturnOrder(models.Model):
    """An order to give money back: the principal stands in its payment, what is added to it stands here (whole yen).

    `advice` and `late_advice` keep the calculation as it was shown (`rules.returns.Advice.as_json`); the amounts beside
    them are what the official ordered. Additions are no part of the grant, so no payment carries them.
    """

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="return_orders")
    decision = models.OneToOneField("subsidies.Decision", models.PROTECT, related_name="return_order")
    payment = models.OneToOneField("subsidies.Payment", models.PROTECT, related_name="return_order")
    revocation = models.ForeignKey(Revocation, models.PROTECT, null=True, blank=True, related_name="return_orders")
    advice = models.JSONField("加算金の参考計算", null=True, blank=True)
    addition_yen = models.PositiveBigIntegerField("加算金（円）", default=0)
    addition_reason = models.TextField("参考計算と異なる理由", blank=True)
    addition_paid_on = models.DateField("加算金の納付日", null=True, blank=True)
    late_advice = models.JSONField("延滞金の参考計算", null=True, blank=True)
    late_yen = models.PositiveBigIntegerField("延滞金（円）", null=True, blank=True)
    late_reason = models.TextField("延滞金が参考計算と異なる理由", blank=True)
    late_paid_on = models.DateField("延滞金の納付日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "返還命令"
        ordering = ["application", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.payment_id}"

    @property
    def unpaid_yen(self) -> int:
        """Additions that were ordered and have not come in."""
        addition = self.addition_yen if self.addition_paid_on is None else 0
        return addition + ((self.late_yen or 0) if self.late_paid_on is None else 0)


class Reopening(models.Model):
    """A closed file to be fixed anew (再確定): asked by a decider of headquarters, confirmed by a second person."""

    class State(models.TextChoices):
        ASKED = "asked", "確認待ち"
        CONFIRMED = "confirmed", "再確定済"
        REFUSED = "refused", "不承認"

    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="reopenings")
    number = models.PositiveSmallIntegerField("回")
    state = models.CharField("状態", max_length=10, choices=State, default=State.ASKED)
    reason = models.TextField("再確定の理由")
    eligible_yen = models.PositiveBigIntegerField("認める対象額（円）")
    other_income_yen = models.PositiveBigIntegerField("その他の収入（円）")
    fixed_yen = models.PositiveBigIntegerField("再確定の額（円）")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="発議者")
    asked_who = models.CharField("発議者の所属・氏名", max_length=200)
    asked_at = models.DateTimeField("発議日時")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認者"
    )
    closed_who = models.CharField("確認者の所属・氏名", max_length=200, blank=True)
    closed_at = models.DateTimeField("確認日時", null=True, blank=True)
    answer = models.TextField("確認の意見・不承認の理由", blank=True)
    settlement = models.OneToOneField(
        "subsidies.Settlement", models.PROTECT, null=True, blank=True, related_name="reopening"
    )

    class Meta:
        verbose_name = verbose_name_plural = "再確定"
        ordering = ["application", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="reopening_number_once"),
            models.UniqueConstraint(fields=["application"], condition=Q(state="asked"), name="one_reopening_asked"),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("asked_by")), name="reopening_needs_a_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} 再確定{self.number}"
