"""Budget per bureau (配当) and the append-only ledger of what was committed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import BudgetEntryQuerySet


class CallAllotment(models.Model):
    """The budget of one call allotted to one bureau. `committed_yen` is the sum of its ledger, kept by the service.

    The check constraint is the last guard: whatever happens, no more is committed than was allotted (C-01).
    """

    call = models.ForeignKey("subsidies.Call", models.PROTECT, related_name="allotments", verbose_name="募集")
    bureau = models.ForeignKey("municipalities.Bureau", models.PROTECT, related_name="allotments")
    amount_yen = models.PositiveBigIntegerField("配当額（円）")
    committed_yen = models.PositiveBigIntegerField("決定済（円）", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "配当"
        ordering = ["call", "bureau"]
        constraints = [
            models.UniqueConstraint(fields=["call", "bureau"], name="allotment_once"),
            models.CheckConstraint(condition=Q(committed_yen__lte=F("amount_yen")), name="never_commit_over_allotment"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.bureau_id}"

    @property
    def left_yen(self) -> int:
        return self.amount_yen - self.committed_yen


class BudgetEntry(models.Model):
    """One line of the ledger: money bound to an application or released again. Never changed, never deleted."""

    class Kind(models.TextChoices):
        COMMIT = "commit", "交付決定"
        INCREASE = "increase", "変更による増額"
        RELEASE = "release", "取下げ・減額"

    allotment = models.ForeignKey(CallAllotment, models.PROTECT, related_name="entries")
    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="budget_entries")
    kind = models.CharField("区分", max_length=8, choices=Kind)
    amount_yen = models.BigIntegerField("金額（円）", help_text="解除は負の数")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    at = models.DateTimeField("日時")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BudgetEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "予算の記帳"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(kind="commit"), name="an_application_commits_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["commit", "increase"], amount_yen__gt=0) | Q(kind="release", amount_yen__lt=0),
                name="budget_entry_sign_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_yen}"
