"""Long work waits in the database, under a lease: a killed worker loses nothing."""

from django.conf import settings
from django.db import models

from ..querysets import TaskQuerySet


class Task(models.Model):
    """One piece of work. Its body must be idempotent: after a lost lease another worker runs it again."""

    class State(models.TextChoices):
        QUEUED = "queued", "待機中"
        RUNNING = "running", "処理中"
        DONE = "done", "完了"
        FAILED = "failed", "失敗（再試行待ち）"
        DEAD = "dead", "失敗"

    kind = models.CharField("種別", max_length=60)
    payload = models.JSONField("内容", default=dict)
    dedupe_key = models.CharField("重複防止", max_length=120, null=True, blank=True, unique=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.QUEUED)
    progress_done = models.PositiveIntegerField("進み", default=0)
    progress_total = models.PositiveIntegerField("全体", default=0)
    progress_text = models.CharField("進み具合", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    max_attempts = models.PositiveSmallIntegerField("上限回数", default=3)
    worker = models.CharField("処理者", max_length=80, blank=True)
    fence = models.PositiveIntegerField("世代", default=0)
    lease_until = models.DateTimeField("保持期限", null=True, blank=True)
    run_after = models.DateTimeField("開始可能日時")
    result = models.JSONField("結果", null=True, blank=True)
    error = models.TextField("エラー", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("登録日時")
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "処理"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "run_after"], name="task_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (self.State.DONE, self.State.DEAD)

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100; 0 while the total is unknown."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.progress_done * 100 // self.progress_total) if self.progress_total else 0
