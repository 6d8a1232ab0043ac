"""What it costs and who pays: cost lines, income lines, and reductions with their reasons."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CostLine(models.Model):
    """One line of the plan's costs (whole yen)."""

    class Category(models.TextChoices):
        REWARD = "reward", "報償費"
        TRAVEL = "travel", "旅費"
        SUPPLIES = "supplies", "需用費"
        SERVICES = "services", "役務費"
        COMMISSION = "commission", "委託料"
        RENT = "rent", "使用料"
        CONSTRUCTION = "construction", "工事請負費"
        EQUIPMENT = "equipment", "備品購入費"
        CONTRIBUTION = "contribution", "負担金"
        OTHER = "other", "その他"

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="costs")
    number = models.PositiveSmallIntegerField("行番号")
    project = models.ForeignKey(
        "regions.Project", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取組"
    )
    member = models.ForeignKey(
        "municipalities.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="負担市町村",
    )
    category = models.CharField("節", max_length=12, choices=Category)
    description = models.CharField("内容", max_length=200)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    unit_price_yen = models.PositiveBigIntegerField("単価（円）", null=True, blank=True)
    amount_yen = models.PositiveBigIntegerField("金額（円）")
    eligible_yen = models.PositiveBigIntegerField("対象額（円）")
    is_hard = models.BooleanField("ハード", default=False)
    other_subsidy = models.BooleanField("他の補助金", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "経費"
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="cost_line_number_once"),
            models.CheckConstraint(condition=Q(eligible_yen__lte=F("amount_yen")), name="eligible_is_part_of_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description}"


class IncomeLine(models.Model):
    """One line of the plan's income besides the grant asked for (whole yen)."""

    class Kind(models.TextChoices):
        BURDEN = "burden", "市町村負担金"
        FEE = "fee", "参加費・利用料"
        SUBSIDY = "subsidy", "他の補助金"
        OTHER = "other", "その他"

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="incomes")
    number = models.PositiveSmallIntegerField("行番号")
    kind = models.CharField("区分", max_length=10, choices=Kind)
    member = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="市町村"
    )
    description = models.CharField("内容", max_length=200)
    amount_yen = models.PositiveBigIntegerField("金額（円）")

    class Meta:
        verbose_name = verbose_name_plural = "収入"
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="income_line_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.description}"


class ReductionLine(models.Model):
    """A cut of one cost line (減額査定) with its reason; shown in D-06 and D-08."""

    application = models.ForeignKey("subsidies.Application", models.CASCADE, related_name="reductions")
    cost = models.ForeignKey(CostLine, models.PROTECT, related_name="reductions", verbose_name="経費")
    amount_yen = models.PositiveBigIntegerField("減額（円）")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "減額査定"
        ordering = ["application", "cost"]
        constraints = [
            models.UniqueConstraint(fields=["application", "cost"], name="reduction_once_per_cost_line"),
            models.CheckConstraint(condition=~Q(reason=""), name="reduction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_id} {self.amount_yen}"
