"""How an initiative goes on after the support (自走化): asked once a year, answered by the lead municipality."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common import clock
from common.fiscal_year import FiscalYear

from ..querysets import FollowUpQuerySet


class FollowUp(models.Model):
    """One initiative in one year after support (自走化): does it go on, with which money and people?"""

    project = models.ForeignKey("regions.Project", models.PROTECT, related_name="follow_ups", verbose_name="取組")
    application = models.ForeignKey("subsidies.Application", models.PROTECT, related_name="follow_ups")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    continues = models.BooleanField("続いている", null=True, blank=True)
    funding = models.CharField("財源", max_length=200, blank=True)
    staffing = models.CharField("体制", max_length=200, blank=True)
    obstacles = models.TextField("課題", blank=True)
    national_scheme = models.BooleanField("国の制度へ移行", default=False)
    revision = models.PositiveIntegerField("版", default=1)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回答者"
    )
    answered_who = models.CharField("回答者の所属・氏名", max_length=200, blank=True)
    comment = models.TextField("振興局のコメント", blank=True)
    commented_who = models.CharField("コメントした人", max_length=200, blank=True)
    commented_on = models.DateField("コメント日", null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支援後の状況"
        ordering = ["project", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "fiscal_year"], name="follow_up_once_a_year"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(continues__isnull=False, answered_by__isnull=False),
                name="follow_up_answered_says_whether_it_goes_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.fiscal_year}"

    @property
    def year(self) -> FiscalYear:
        return FiscalYear(self.fiscal_year)

    @property
    def open(self) -> bool:
        """Whether the year has begun and nobody has answered: only then may it be written."""
        return self.answered_at is None and self.year.first_day <= clock.today()

    @property
    def touched(self) -> bool:
        """Whether somebody has written into it or answered it."""
        return self.revision > 1 or self.answered_at is not None

    @property
    def late(self) -> bool:
        """Whether the year has passed without an answer."""
        return self.answered_at is None and self.year.last_day < clock.today()
