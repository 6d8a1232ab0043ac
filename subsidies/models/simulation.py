"""Simulations of a round's distribution (配分案): named, compared side by side, one of them adopted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..querysets import SimulationQuerySet


class BudgetSimulation(models.Model):
    """One way to distribute what is left of a call's allotments. Once adopted or discarded it never changes."""

    class State(models.TextChoices):
        OPEN = "open", "検討中"
        ADOPTED = "adopted", "採用"
        SUPERSEDED = "superseded", "採用（差替え済）"
        DISCARDED = "discarded", "破棄"

    class Method(models.TextChoices):
        FULL = "full", "満額"
        PRO_RATA = "pro_rata", "按分"
        PRIORITY = "priority", "優先度順"
        LEVEL = "level", "上限をそろえる"
        HAND = "hand", "手で入力"

    call = models.ForeignKey("subsidies.Call", models.PROTECT, related_name="simulations", verbose_name="募集")
    name = models.CharField("名称", max_length=40)
    note = models.TextField("考え方", blank=True)
    method = models.CharField("方法", max_length=10, choices=Method)
    partial = models.BooleanField("満額に足りない申請にも残りを配る", default=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField("更新番号", default=1)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="作成に関わった人")
    created_at = models.DateTimeField("作成日時")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作成者")
    created_who = models.CharField("作成者の所属・氏名", max_length=200)
    updated_at = models.DateTimeField("更新日時")
    adopted_at = models.DateTimeField("採用日時", null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="採用者"
    )
    adopted_who = models.CharField("採用者の所属・氏名", max_length=200, blank=True)

    objects = SimulationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "配分案（庁内限り）"
        ordering = ["call", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=Q(state="adopted"), name="one_adopted_simulation_of_a_call"
            ),
            models.UniqueConstraint(
                fields=["call", "name"], condition=~Q(state="discarded"), name="simulation_name_once_in_call"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="simulation_has_a_name"),
            models.CheckConstraint(
                condition=Q(adopted_at=None, adopted_by=None, state__in=["open", "discarded"])
                | Q(adopted_at__isnull=False, adopted_by__isnull=False, state__in=["adopted", "superseded"]),
                name="simulation_adopted_at_and_by_go_together",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SimulationLine(models.Model):
    """What one application gets in a simulation, beside what it asked for when the line was computed (whole yen)."""

    simulation = models.ForeignKey(BudgetSimulation, models.CASCADE, related_name="lines")
    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="simulation_lines")
    phase = models.CharField("段階", max_length=8)
    requested_yen = models.PositiveBigIntegerField("申請額（円）")
    most_yen = models.PositiveBigIntegerField("ルールで認められる額（円）")
    amount_yen = models.PositiveBigIntegerField("配分額（円）")
    by_hand = models.BooleanField("手で変えた", default=False)
    reason = models.CharField("減額の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "配分案の行"
        ordering = ["simulation", "application"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "application"], name="simulation_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id} {self.application_id}"

    @property
    def cut_yen(self) -> int:
        """How much the line differs from the request; below zero where it is cut."""
        return self.amount_yen - self.requested_yen
