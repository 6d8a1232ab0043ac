"""Collaboration regions (連携地域): who belongs since when, under which name."""

from django.db import models
from django.db.models import F, Q

from ..querysets import RegionMembershipQuerySet, RegionQuerySet


class Basis(models.TextChoices):
    """How sure a historical fact is; the screen shows 推定 for all but the first."""

    SOURCED = "sourced", "出典あり"
    INFERRED = "inferred", "推定"
    DEMO = "demo", "デモ"


class Region(models.Model):
    """Municipalities that act together. The code stays; names and members have dates."""

    class Type(models.TextChoices):
        FLAT = "flat", "フラット型"
        HUB = "hub", "中心都市型"

    class State(models.TextChoices):
        IDEA = "idea", "構想"
        FORMED = "formed", "形成"
        SUPPORTED = "supported", "支援中"
        SELF_RUNNING = "self_running", "自走中"
        PAUSED = "paused", "休止"
        ENDED = "ended", "終了"
        NATIONAL = "national", "国制度へ移行"

    code = models.CharField("地域コード", primary_key=True, max_length=20)
    prefecture = models.ForeignKey("municipalities.Prefecture", models.PROTECT, related_name="regions")
    name = models.CharField("現在の名称", max_length=60)
    type = models.CharField("類型", max_length=4, choices=Type, default=Type.FLAT)
    hub = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="中心都市"
    )
    lead = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="leads_regions", verbose_name="代表市町村"
    )
    secretariat = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="事務局市町村"
    )
    lead_bureau = models.ForeignKey(
        "municipalities.Bureau", models.PROTECT, related_name="regions", verbose_name="主管振興局"
    )
    state = models.CharField("状態", max_length=14, choices=State, default=State.IDEA)
    members = models.ManyToManyField(
        "municipalities.Municipality", through="regions.RegionMembership", related_name="regions"
    )
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    lead_basis = models.CharField("代表の根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.TextField("出典", blank=True)
    note = models.TextField("備考", blank=True)
    revision = models.PositiveIntegerField("版", default=1)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携地域"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type="flat", hub=None) | Q(type="hub", hub__isnull=False), name="hub_region_names_its_hub"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: ours ●, them ○, done ■, end －."""
        return {"formed": "ours", "supported": "ours", "national": "done", "paused": "end", "ended": "end"}.get(
            self.state, "them"
        )


class RegionName(models.Model):
    """The name a region bore from a day on (後志15 → 16 → 17町村連携地域)."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="names")
    name = models.CharField("名称", max_length=60)
    valid_from = models.DateField("開始日")

    class Meta:
        verbose_name = verbose_name_plural = "地域の名称"
        ordering = ["valid_from"]
        constraints = [models.UniqueConstraint(fields=["region", "valid_from"], name="region_name_once_a_day")]

    def __str__(self) -> str:
        return self.name


class RegionMembership(models.Model):
    """A municipality in a region from a day to a day; `left_on` is its last day."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="memberships", verbose_name="地域")
    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="region_memberships", verbose_name="市町村"
    )
    joined_on = models.DateField("加入日")
    left_on = models.DateField("脱退日", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    agreement = models.ForeignKey(
        "regions.Agreement", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="根拠の協定"
    )
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)

    objects = RegionMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地域の構成"
        ordering = ["region", "joined_on", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "municipality"], condition=Q(left_on=None), name="one_open_membership_in_a_region"
            ),
            models.UniqueConstraint(fields=["region", "municipality", "joined_on"], name="region_membership_once"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="region_membership_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "region"], name="regions_of_town")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.municipality_id}"


class RegionLink(models.Model):
    """One region goes on in another, or in a national zone; `continued` is the reading of the indicators."""

    predecessor = models.ForeignKey(Region, models.CASCADE, related_name="successor_links")
    successor = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="predecessor_links")
    successor_zone = models.ForeignKey("regions.NationalZone", models.CASCADE, null=True, blank=True, related_name="+")
    continued = models.BooleanField("継続とみなす", default=True)
    note = models.CharField("備考", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "前身・後継"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="region_link_once"),
            models.UniqueConstraint(fields=["predecessor", "successor_zone"], name="region_link_to_a_zone_once"),
            models.CheckConstraint(
                condition=Q(successor__isnull=False, successor_zone=None)
                | Q(successor=None, successor_zone__isnull=False),
                name="region_link_has_one_successor",
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="region_does_not_follow_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id or self.successor_zone_id}"
