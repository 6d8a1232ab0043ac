"""Collaboration agreements (地域連携協定), version by version, with the consent of each member."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import AgreementQuerySet
from .region import Basis


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
    purpose = models.TextField("目的", blank=True)
    basic_policy = models.TextField("基本方針", blank=True)
    cost_sharing = models.TextField("費用負担", blank=True)
    change_clause = models.TextField("変更・廃止", blank=True)
    term = models.CharField("有効期間", max_length=120, blank=True)
    framework = models.BooleanField("大枠の協定（部会で取り組む）", default=False)
    fields = models.ManyToManyField("regions.Field", related_name="agreements", blank=True, verbose_name="分野")
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    signed_on = models.DateField("締結日", null=True, blank=True)
    in_force_on = models.DateField("効力発生日", null=True, blank=True)
    ended_on = models.DateField("効力の最終日", null=True, blank=True)
    received_on = models.DateField("振興局の受理日", null=True, blank=True)
    witness = models.CharField("立会人", max_length=120, blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.TextField("出典", blank=True)

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
