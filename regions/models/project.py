"""Initiatives (取組) of a region."""

from django.db import models
from django.db.models import F, Q

from ..querysets import ProjectQuerySet
from .region import Basis


class Project(models.Model):
    """What members do together; it feeds visions, applications and reports without retyping."""

    class State(models.TextChoices):
        PLANNED = "planned", "計画"
        RUNNING = "running", "実施"
        ENDED = "ended", "終了"
        SELF_RUNNING = "self_running", "自走"
        MERGED = "merged", "統合"

    region = models.ForeignKey("regions.Region", models.CASCADE, related_name="projects", verbose_name="地域")
    code = models.CharField("取組コード", max_length=20)
    name = models.CharField("取組名", max_length=80)
    main_field = models.ForeignKey(
        "regions.Field", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主な分野"
    )
    fields = models.ManyToManyField("regions.Field", related_name="projects", blank=True, verbose_name="分野")
    outline = models.TextField("概要", blank=True)
    lead = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代表"
    )
    secretariat = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事務局"
    )
    participants = models.ManyToManyField(
        "municipalities.Municipality", related_name="projects", blank=True, verbose_name="参加市町村"
    )
    from_fy = models.PositiveSmallIntegerField("開始年度")
    to_fy = models.PositiveSmallIntegerField("終了年度", null=True, blank=True)
    state = models.CharField("状態", max_length=14, choices=State, default=State.PLANNED)
    self_running_plan = models.TextField("自走化の見通し", blank=True)
    basis = models.CharField("根拠", max_length=10, choices=Basis, default=Basis.SOURCED)
    source = models.CharField("出典", max_length=40, blank=True)  # 一括取込: made by a sheet, untouched since

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取組"
        ordering = ["region", "code"]
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="project_code_once_in_region"),
            models.CheckConstraint(
                condition=Q(to_fy=None) | Q(to_fy__gte=F("from_fy")), name="project_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shape(self) -> str:
        """The shape beside the word of the state: them ○ planned, ours ● running, done ■ by itself, end －."""
        return {"running": "ours", "self_running": "done", "ended": "end", "merged": "end"}.get(self.state, "them")


class ProjectName(models.Model):
    """The name of an initiative from a fiscal year on (後志15町村… → 後志17町村新規採用職員研修)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="names")
    name = models.CharField("取組名", max_length=80)
    from_fy = models.PositiveSmallIntegerField("年度から")

    class Meta:
        verbose_name = verbose_name_plural = "取組の名称"
        ordering = ["from_fy"]
        constraints = [models.UniqueConstraint(fields=["project", "from_fy"], name="project_name_once_a_year")]

    def __str__(self) -> str:
        return self.name
