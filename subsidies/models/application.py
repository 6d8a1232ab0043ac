"""Applications (要望・交付申請): one record through both phases."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.fiscal_year import FiscalYear

from ..querysets import ApplicationQuerySet
from ..states import State


class Application(models.Model):
    """A region's request for one fiscal year of one call. `state` is written by `services.advance` alone."""

    class Phase(models.TextChoices):
        REQUEST = "request", "要望"
        GRANT = "grant", "交付申請"

    class ApplicantKind(models.TextChoices):
        MUNICIPALITIES = "municipalities", "構成市町村の連名"
        COUNCIL = "council", "協議会"
        PARTIAL_ASSOCIATION = "partial_association", "一部事務組合"
        WIDE_AREA_UNION = "wide_area_union", "広域連合"

    class EarlyStart(models.TextChoices):
        NONE = "none", "なし"
        FILED = "filed", "届出済（未承認）"
        APPROVED = "approved", "承認済"

    call = models.ForeignKey("subsidies.Call", models.PROTECT, related_name="applications", verbose_name="募集")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="applications", verbose_name="連携地域")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("通し番号")
    number = models.CharField("申請番号", max_length=40, unique=True)
    phase = models.CharField("段階", max_length=8, choices=Phase, default=Phase.GRANT)
    state = models.CharField("状態", max_length=20, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField("更新番号", default=1)

    applicant_kind = models.CharField("申請主体", max_length=24, choices=ApplicantKind, default="municipalities")
    lead = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="代表市町村")
    lead_bureau = models.ForeignKey("municipalities.Bureau", models.PROTECT, related_name="applications")
    participants = models.ManyToManyField(
        "municipalities.Municipality", through="subsidies.Participant", related_name="applications"
    )
    title = models.CharField("事業名", max_length=100, blank=True)
    purpose = models.TextField("目的", blank=True)
    plan = models.TextField("事業の内容", blank=True)
    start_on = models.DateField("開始日", null=True, blank=True)
    end_on = models.DateField("完了予定日", null=True, blank=True)
    early_start = models.CharField("事前着手", max_length=8, choices=EarlyStart, default=EarlyStart.NONE)
    other_subsidy = models.BooleanField("同じ経費に他の補助金がある", null=True, blank=True)
    other_subsidy_note = models.CharField("他の補助金の内容", max_length=200, blank=True)
    cost_sharing_note = models.TextField("費用負担・役割分担の考え方", blank=True)
    self_running_plan = models.TextField("支援終了後の見通し", blank=True)
    subgroup_name = models.CharField("部会の名称", max_length=60, blank=True)
    subgroup_decided_on = models.DateField("部会の決定日", null=True, blank=True)
    requested_yen = models.PositiveBigIntegerField("申請額（円）", default=0)
    lead_document_no = models.CharField("申請文書の番号", max_length=40, blank=True)
    declared = models.BooleanField("誓約", default=False)

    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出者"
    )
    late_admitted = models.BooleanField("締切後の受理", default=False)
    late_reason = models.CharField("締切後に受理した理由", max_length=200, blank=True)
    received_on = models.DateField("受付日", null=True, blank=True)
    receipt_number = models.CharField("収受番号", max_length=60, blank=True)
    due_on = models.DateField("次の期限", null=True, blank=True)
    state_since = models.DateTimeField("現在の状態になった日時")
    proposed_yen = models.PositiveBigIntegerField("交付予定額（円）", null=True, blank=True)
    selected_yen = models.PositiveBigIntegerField("内定額（円）", null=True, blank=True)
    granted_yen = models.PositiveBigIntegerField("交付決定額（円）", null=True, blank=True)
    finished_on = models.DateField("事業完了日", null=True, blank=True)
    fixed_yen = models.PositiveBigIntegerField("確定額（円）", null=True, blank=True)
    closed_on = models.DateField("完結日", null=True, blank=True)
    carried_over = models.BooleanField("翌年度への繰越", default=False)
    erased_on = models.DateField("内容を廃棄した日", null=True, blank=True)  # the figures stay, for years long past
    evaluation = models.ForeignKey(
        "subsidies.Evaluation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="最新の判定"
    )
    fail_count = models.PositiveSmallIntegerField("不適合", default=0)
    judge_count = models.PositiveSmallIntegerField("要判断", default=0)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    created_at = models.DateTimeField("作成日時")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作成者")
    updated_at = models.DateTimeField("更新日時")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申請"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "serial"], name="application_serial_once_in_call"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="application_submitted_at_and_by_go_together",
            ),
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(end_on=None) | Q(end_on__gte=F("start_on")),
                name="application_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "running", "settled", "closed"]) | Q(granted_yen__isnull=False),
                name="application_granted_has_an_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["fixed", "settled", "closed"]) | Q(fixed_yen__isnull=False),
                name="application_settled_has_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None, receipt_number="")
                | (Q(received_on__isnull=False) & ~Q(receipt_number="")),
                name="application_receipt_has_day_and_number",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="application_state_due"),
            models.Index(fields=["lead_bureau", "state"], name="application_bureau_state"),
            models.Index(fields=["fiscal_year", "-id"], name="application_year"),
            models.Index(fields=["region", "fiscal_year"], name="application_region_year"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def editable(self) -> bool:
        """Whether the towns may still write: before submission and while corrections are asked for."""
        return self.state in (State.DRAFT, State.RETURNED)

    @property
    def work_year(self) -> FiscalYear:
        """The fiscal year in which the work ends and is paid: that of the grant, the next one where it was carried over
        (繰越). The support year stays that of the grant."""
        return FiscalYear(self.fiscal_year + self.carried_over)


class Participant(models.Model):
    """A municipality that takes part, with its consent and its share."""

    class Consent(models.TextChoices):
        NONE = "none", "未"
        ASKED = "asked", "確認中"
        AGREED = "agreed", "同意済"
        REFUSED = "refused", "不同意"

    application = models.ForeignKey(Application, models.CASCADE, related_name="parts")
    municipality = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="participations")
    consent = models.CharField("同意", max_length=8, choices=Consent, default=Consent.NONE)
    consented_on = models.DateField("同意日", null=True, blank=True)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="同意した人"
    )
    consented_content = models.CharField("同意した内容", max_length=64, blank=True)
    consent_document_no = models.CharField("文書番号", max_length=40, blank=True)
    consent_note = models.TextField("意見・不同意の理由", blank=True)
    split_yen = models.PositiveBigIntegerField("交付金の配分額（円）", default=0)
    burden_yen = models.PositiveBigIntegerField("負担額（円）", default=0)
    role = models.CharField("役割", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "参加市町村"
        ordering = ["application", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["application", "municipality"], name="participant_once"),
            models.CheckConstraint(
                condition=~Q(consent="agreed") | Q(consented_on__isnull=False, consented_by__isnull=False),
                name="participant_consent_names_day_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.municipality_id}"


class ApplicationProject(models.Model):
    """An initiative of the region for which this application asks money."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="items")
    project = models.ForeignKey("regions.Project", models.PROTECT, related_name="application_items")
    order = models.PositiveSmallIntegerField("順", default=0)
    scale = models.CharField("規模・回数", max_length=200, blank=True)
    content = models.TextField("今年度の内容", blank=True)
    assignees = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="assigned_items", blank=True, verbose_name="担当する事業担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "申請する取組"
        ordering = ["application", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "project"], name="application_asks_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.project_id}"


class SelfRunningLine(models.Model):
    """Who pays for the work after support ends, member by member and year by year (N-06)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="self_running_lines")
    member = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="市町村")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    funding = models.CharField("財源", max_length=100)
    amount_yen = models.PositiveBigIntegerField("見込額（円）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "支援終了後の財源"
        ordering = ["application", "fiscal_year", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "member", "fiscal_year"], name="self_running_line_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.fiscal_year}"
