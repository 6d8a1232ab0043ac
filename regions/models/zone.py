"""National schemes (定住自立圏, 連携中枢都市圏): zones, their dated members and hubs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import NationalZoneQuerySet


class NationalZone(models.Model):
    """One zone of a national scheme."""

    class Kind(models.TextChoices):
        SETTLEMENT = "settlement", "定住自立圏"
        HUB_URBAN = "hub_urban", "連携中枢都市圏"

    code = models.CharField("圏域コード", primary_key=True, max_length=20)
    prefecture = models.ForeignKey("municipalities.Prefecture", models.PROTECT, related_name="zones")
    kind = models.CharField("種別", max_length=12, choices=Kind)
    name = models.CharField("圏域名", max_length=60)
    declared_on = models.DateField("中心市宣言日", null=True, blank=True)
    formed_on = models.DateField("形成協定の締結日", null=True, blank=True)
    ended_on = models.DateField("終了日", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    source = models.TextField("出典", blank=True)
    note = models.TextField("備考", blank=True)

    objects = NationalZoneQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "国制度の圏域"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ZoneMembership(models.Model):
    """A municipality in a zone.

    `in_force_by` is the day by which the membership was certainly in force, `ended_on` its last day.
    """

    class Role(models.TextChoices):
        HUB = "hub", "中心"
        NEIGHBOUR = "neighbour", "近隣"

    class Basis(models.TextChoices):
        SOURCED = "sourced", "出典あり"
        DERIVED = "derived", "推定（数・範囲の記載から）"
        INFERRED = "inferred", "推定（一覧の確認なし）"

    zone = models.ForeignKey(NationalZone, models.CASCADE, related_name="memberships", verbose_name="圏域")
    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="zone_memberships", verbose_name="市町村"
    )
    role = models.CharField("役割", max_length=10, choices=Role)
    in_force_by = models.DateField("開始日（確実な日）")
    in_force_basis = models.CharField("開始日の根拠", max_length=120, blank=True)
    ended_on = models.DateField("終了日", null=True, blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.TextField("出典", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "圏域の構成"
        ordering = ["zone", "role", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "municipality", "in_force_by"], name="zone_membership_once"),
            models.UniqueConstraint(
                fields=["zone", "municipality"], condition=Q(ended_on=None), name="one_open_membership_in_a_zone"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("in_force_by")), name="zone_membership_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "in_force_by"], name="zone_of_town")]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.municipality_id}"


class ZoneStatusOverride(models.Model):
    """Headquarters sets the national-scheme status of a municipality by hand, with a reason (A-03)."""

    class Status(models.TextChoices):
        NONE = "none", "空白地域"
        HUB = "member_hub", "圏域の中心"
        NEIGHBOUR = "member_neighbour", "圏域の近隣"
        UNDECLARED_HUB = "undeclared_hub", "未宣言中心市"

    municipality = models.ForeignKey("municipalities.Municipality", models.CASCADE, related_name="zone_overrides")
    status = models.CharField("国制度の状況", max_length=20, choices=Status)
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)
    reason = models.TextField("理由")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "国制度の状況の修正"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="zone_override_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="zone_override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.status}"


class HubDesignation(models.Model):
    """A municipality named as hub in a prefectural plan (M-05b). No source lists them: empty at load."""

    KINDS = [("centre", "地域中心都市"), ("cluster", "中核都市群")]

    plan = models.CharField("計画名", max_length=60)
    municipality = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="hub_designations")
    kind = models.CharField("区分", max_length=20, choices=KINDS, default="centre")
    valid_from = models.DateField("開始日", null=True, blank=True)
    valid_to = models.DateField("終了日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "中心都市の指定"
        constraints = [models.UniqueConstraint(fields=["plan", "municipality"], name="hub_designation_once")]

    def __str__(self) -> str:
        return f"{self.plan} {self.municipality_id}"


class UndeclaredHub(models.Model):
    """A city that meets the hub conditions but has not declared (未宣言中心市).

    Kept by headquarters; empty at load, because no source lists them.
    """

    municipality = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="undeclared_hub_rows")
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)
    reason = models.TextField("根拠")

    class Meta:
        verbose_name = verbose_name_plural = "未宣言中心市"
        constraints = [models.UniqueConstraint(fields=["municipality", "valid_from"], name="undeclared_hub_once")]

    def __str__(self) -> str:
        return str(self.municipality_id)
