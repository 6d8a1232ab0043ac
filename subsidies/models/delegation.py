"""代理入力の委任: a municipality lets its bureau type drafts in its name, for a time, and can end it at any moment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.fiscal_year import wareki

from ..querysets import DelegationQuerySet


class Delegation(models.Model):
    """One delegation, given by the municipality's approver (domain.md §2, row 37 and separation of duties).

    It covers drafts that the municipality leads: all of them, those of one `region`, or the one `application`. Both
    days count. It never covers consent, submission or the planner's statement.
    """

    municipality = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, related_name="delegations", verbose_name="委任した市町村"
    )
    bureau = models.ForeignKey(
        "municipalities.Bureau", models.PROTECT, related_name="delegations", verbose_name="委任を受けた振興局"
    )
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="連携地域"
    )
    application = models.ForeignKey(
        "subsidies.Application", models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name="申請"
    )
    from_on = models.DateField("開始日")
    to_on = models.DateField("終了日")
    reason = models.TextField("理由")
    granted_at = models.DateTimeField("委任した日時")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="委任した人"
    )
    granted_who = models.CharField("委任した人（所属・氏名）", max_length=200)
    withdrawn_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取り消した人"
    )
    withdrawn_who = models.CharField("取り消した人（所属・氏名）", max_length=200, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代理入力の委任"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="delegation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(region=None) | Q(application=None), name="delegation_names_a_region_or_an_application"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="delegation_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_who="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_who="")),
                name="delegation_withdrawn_names_moment_and_person",
            ),
        ]
        indexes = [models.Index(fields=["bureau", "municipality"], name="delegation_bureau_town")]

    def __str__(self) -> str:
        return f"{self.municipality_id} → {self.bureau_id}"

    @property
    def period(self) -> str:
        """令和8年11月21日から令和9年3月31日まで."""
        return f"{wareki(self.from_on)}から{wareki(self.to_on)}まで"

    @property
    def scope(self) -> str:
        """What it covers, in words; reads `region` and `application`."""
        if self.application is not None:
            return f"申請{self.application.number}だけ"
        if self.region is not None:
            return f"{self.region.name}の申請"
        return f"{self.municipality.name}が代表のすべての申請"
