"""Calls (募集): one round of a program in one fiscal year."""

from django.db import models
from django.db.models import F, Q

from ..querysets import CallQuerySet


class Call(models.Model):
    """A call fixes the ruleset, the projection edition and the dates by which its applications are judged."""

    class State(models.TextChoices):
        PREPARING = "preparing", "準備"
        OPEN = "open", "公開"
        CLOSED = "closed", "締切"
        COMPLETED = "completed", "完了"

    class Phases(models.TextChoices):
        BOTH = "both", "要望＋交付申請"
        GRANT_ONLY = "grant_only", "交付申請のみ"

    program = models.ForeignKey("subsidies.Program", models.PROTECT, related_name="calls", verbose_name="制度")
    ruleset = models.ForeignKey("subsidies.RuleSetVersion", models.PROTECT, related_name="calls", verbose_name="ルール")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    round = models.PositiveSmallIntegerField("回", default=1)
    phases = models.CharField("段階", max_length=10, choices=Phases, default=Phases.GRANT_ONLY)
    state = models.CharField("状態", max_length=10, choices=State, default=State.PREPARING)
    opens_on = models.DateField("受付開始日")
    closes_on = models.DateField("締切日")
    decision_expected_on = models.DateField("交付決定の見込日", null=True, blank=True)
    series = models.ForeignKey(
        "municipalities.PopulationSeries", models.PROTECT, related_name="+", verbose_name="将来推計の版"
    )
    required_documents = models.JSONField("必要書類", default=list, blank=True)
    number_prefix = models.CharField("申請番号の記号", max_length=20, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "募集"
        ordering = ["-fiscal_year", "program", "round"]
        constraints = [
            models.UniqueConstraint(fields=["program", "fiscal_year", "round"], name="call_round_once"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="call_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.fiscal_year} 第{self.round}次"
