"""Collaboration agreements (地域連携協定), version by version, with the consent of each member."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import AgreementQuerySet
from .region import Basis


class CostMethod(models.TextChoices):
    """How the costs are split among the parties."""

    NONE = "none", "割合を定めず、協議により定める"
    EQUAL = "equal", "均等割"
    POPULATION = "population", "人口割"
    BOTH = "both", "均等割と人口割の併用"
    CUSTOM = "custom", "個別に定める割合"


class Agreement(models.Model):
    """One version of a region's agreement. In force only when every member has consented."""

    class State(models.TextChoices):
        DRAFT = "draft", "案"
        CONSENT = "consent", "同意確認中"
        SIGNED = "signed", "締結済"
        IN_FORCE = "in_force", "効力あり"
        AMENDED = "amended", "改定済"
        ENDED = "ended", "終了"

    region = models.ForeignKey("regions.Region", models.CASCADE, related_name="agreements", verbose_name="地域")
    version = models.PositiveSmallIntegerField("版", default=1)
    title = models.CharField("題名", max_length=120)
    framework = models.BooleanField("大枠の協定（部会で取り組む）", default=False)
    fields = models.ManyToManyField("regions.Field", related_name="agreements", blank=True, verbose_name="分野")
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    signed_on = models.DateField("締結日", null=True, blank=True)
    in_force_on = models.DateField("効力発生日", null=True, blank=True)
    ended_on = models.DateField("効力の最終日", null=True, blank=True)
    received_on = models.DateField("振興局の受理日", null=True, blank=True)
    witness = models.CharField("立会人", max_length=120, blank=True)
    valid_until = models.DateField("有効期間の最終日", null=True, blank=True)
    cost_method = models.CharField("負担割合の決め方", max_length=10, choices=CostMethod, default=CostMethod.NONE)
    cost_equal_bp = models.PositiveSmallIntegerField("均等割の割合（万分率）", default=5000)
    asked_on = models.DateField("同意を依頼した日", null=True, blank=True)
    answer_by = models.DateField("回答の期限", null=True, blank=True)
    asked_content = models.JSONField("同意を依頼した内容", null=True, blank=True)
    revision = models.PositiveIntegerField("更新番号", default=1)
    changed_at = models.DateTimeField("最後の保存", null=True, blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.TextField("出典", blank=True)
    erased_on = models.DateField("内容を廃棄した日", null=True, blank=True)  # its line in lists stays

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地域連携協定"
        ordering = ["region", "version"]
        constraints = [
            models.UniqueConstraint(fields=["region", "version"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "amended"]) | Q(in_force_on__isnull=False, signed_on__isnull=False),
                name="agreement_in_force_has_its_dates",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(in_force_on=None) | Q(ended_on__gte=F("in_force_on")),
                name="agreement_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["region"], condition=Q(state="in_force"), name="one_agreement_in_force_per_region"
            ),
            models.CheckConstraint(condition=Q(cost_equal_bp__lte=10_000), name="agreement_equal_part_at_most_all"),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.version}版"

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: them ○ while it is made, done ■ in force, end －."""
        return {"in_force": "done", "amended": "end", "ended": "end"}.get(self.state, "them")


class AgreementConsent(models.Model):
    """Where one member stands with one version of the agreement."""

    class State(models.TextChoices):
        NONE = "none", "未"
        AGREED = "agreed", "同意"
        COUNCIL = "council", "議決待ち"
        DONE = "done", "同意済"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="consents")
    municipality = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+")
    state = models.CharField("同意", max_length=8, choices=State, default=State.NONE)
    agreed_on = models.DateField("同意日", null=True, blank=True)
    document_no = models.CharField("文書番号", max_length=40, blank=True)
    council_resolved_on = models.DateField("議決日", null=True, blank=True)
    share_bp = models.PositiveSmallIntegerField("負担割合（万分率）", null=True, blank=True)
    reminded_on = models.DateField("督促日", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="記録者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "協定への同意"
        ordering = ["agreement", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "municipality"], name="agreement_consent_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(agreed_on__isnull=False), name="agreement_consent_done_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.get_state_display()}"

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: done ■, them ○ until then."""
        return "done" if self.state == self.State.DONE else "them"
