"""The life of a region: the states it went through, its sub-groups (部会), what other offices say about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import SubGroupQuerySet
from .region import Basis, Region


class RegionState(models.Model):
    """A state of a region from a day on; the latest row is the state it is in (`Region.state`)."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="states", verbose_name="地域")
    state = models.CharField("状態", max_length=14, choices=Region.State)
    since = models.DateField("この日から")
    reason = models.TextField("理由", blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)

    class Meta:
        verbose_name = verbose_name_plural = "地域の状態の履歴"
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return f"{self.region_id} {self.state}"


class SubGroup(models.Model):
    """Some members that meet under a framework agreement (大枠＋部会) for some of the initiatives."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="groups", verbose_name="地域")
    name = models.CharField("部会の名称", max_length=60)
    chair = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="+", verbose_name="座長の市町村"
    )
    members = models.ManyToManyField("municipalities.Municipality", related_name="+", verbose_name="参加市町村")
    projects = models.ManyToManyField("regions.Project", related_name="groups", blank=True, verbose_name="受け持つ取組")
    purpose = models.TextField("役割", blank=True)
    set_up_on = models.DateField("設置日")
    ended_on = models.DateField("終了日", null=True, blank=True)
    end_reason = models.CharField("終了の理由", max_length=200, blank=True)
    revision = models.PositiveIntegerField("版", default=1)

    objects = SubGroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部会"
        ordering = ["region", "set_up_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"], condition=Q(ended_on=None), name="sub_group_name_once_in_region"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("set_up_on")), name="sub_group_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shape(self) -> str:
        """The shape beside the word of its state."""
        return "end" if self.ended_on else "ours"

    @property
    def state_label(self) -> str:
        return "終了" if self.ended_on else "活動中"


class SubGroupDecision(models.Model):
    """What a sub-group decided, as its record tells it (N-04 asks for the record)."""

    group = models.ForeignKey(SubGroup, models.CASCADE, related_name="decisions", verbose_name="部会")
    decided_on = models.DateField("決定日")
    title = models.CharField("件名", max_length=100)
    document_no = models.CharField("記録の番号", max_length=60, blank=True)
    text = models.TextField("決定の内容")
    attended = models.ManyToManyField("municipalities.Municipality", related_name="+", verbose_name="出席した市町村")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="記録者")
    recorded_who = models.CharField("記録者（所属・氏名）", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "部会の決定"
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="sub_group_decision_says_what"),
        ]

    def __str__(self) -> str:
        return self.title


class RegionComment(models.Model):
    """What an office of the prefecture says about a region, or about a version of its agreement or vision.

    Matrix rows 4, 5 and 6: C. At most one of `agreement` and `vision` is set.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="comments", verbose_name="地域")
    agreement = models.ForeignKey(
        "regions.Agreement", models.CASCADE, null=True, blank=True, related_name="comments", verbose_name="協定"
    )
    vision = models.ForeignKey(
        "regions.Vision", models.CASCADE, null=True, blank=True, related_name="comments", verbose_name="ビジョン"
    )
    office_key = models.CharField("所属", max_length=60)
    office_name = models.CharField("所属の名称", max_length=60)
    text = models.TextField("意見")
    written_at = models.DateTimeField("日時")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="記入者")
    written_who = models.CharField("記入者（所属・氏名）", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "地域への意見"
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="region_comment_says_something"),
            models.CheckConstraint(
                condition=Q(agreement=None) | Q(vision=None), name="region_comment_is_about_one_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.office_name}"

    @property
    def about(self) -> str:
        """協定 第2版, ビジョン 第1版, or nothing for the region as a whole; the paper is to be joined."""
        if self.agreement is not None:
            return f"協定 第{self.agreement.version}版"
        return f"ビジョン 第{self.vision.version}版" if self.vision is not None else ""
