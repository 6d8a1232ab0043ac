"""A spreadsheet on its way in: the file, what it would change, row by row, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..querysets import SheetImportQuerySet


class SheetImport(models.Model):
    """One file that an office brings in: uploaded, mapped, compared with what stands, confirmed, perhaps undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "アップロード済み"
        MAPPING = "mapping", "列の対応づけ待ち"
        CHECKING = "checking", "確認中"
        CHECKED = "checked", "確認済み（未取込）"
        WRITING = "writing", "取込中"
        DONE = "done", "取込済み"
        UNDOING = "undoing", "取消し中"
        UNDONE = "undone", "取消済み"
        REFUSED = "refused", "取込不可"
        DISCARDED = "discarded", "破棄"
        FAILED = "failed", "処理失敗"

    kind = models.CharField("様式", max_length=10)
    parameters = models.JSONField("対象", default=dict, blank=True)
    office_key = models.CharField("所属", max_length=40)
    created_by = models.ForeignKey(  # empty: the system itself (the command import_sheet)
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登録者"
    )
    created_by_name = models.CharField("登録者名", max_length=200)
    created_at = models.DateTimeField("登録日時")
    file = models.ForeignKey(
        "common.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="元のファイル"
    )
    file_name = models.CharField("ファイル名", max_length=200)
    file_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    sheet = models.CharField("シート", max_length=100, blank=True)
    encoding = models.CharField("文字コード", max_length=20, blank=True)
    mapping = models.JSONField("列の対応", default=dict, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.UPLOADED)
    skip_errors = models.BooleanField("エラー行を除く", default=False)
    rows = models.PositiveIntegerField("行数", default=0)
    new = models.PositiveIntegerField("登録", default=0)
    changed = models.PositiveIntegerField("更新", default=0)
    same = models.PositiveIntegerField("変更なし", default=0)
    error = models.PositiveIntegerField("エラー", default=0)
    warning = models.PositiveIntegerField("注意", default=0)
    messages = models.JSONField("ファイル全体のお知らせ", default=list, blank=True)
    problem = models.TextField("取り込めなかった理由", blank=True)
    diff_sha256 = models.CharField("差分のSHA-256", max_length=64, blank=True)
    task = models.ForeignKey(
        "common.Task", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="処理"
    )
    checked_at = models.DateTimeField("確認日時", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取り込んだ人"
    )
    confirmed_at = models.DateTimeField("取込日時", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取り消した人"
    )
    undone_at = models.DateTimeField("取消日時", null=True, blank=True)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取込"
        ordering = ["-id"]
        indexes = [models.Index(fields=["office_key", "-id"], name="sheet_import_of_office")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(confirmed_at__isnull=False),
                name="sheet_import_confirmed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(undone_by=None) | Q(undone_at__isnull=False), name="sheet_import_undone_by_and_at"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undoing", "undone"]) | Q(confirmed_at__isnull=False),
                name="sheet_import_done_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def busy(self) -> bool:
        """Whether a worker has it in hand."""
        return self.state in (self.State.CHECKING, self.State.WRITING, self.State.UNDOING)

    @property
    def summary(self) -> str:
        """The counts in one sentence (I-00)."""
        return f"登録 {self.new:,}件、更新 {self.changed:,}件、変更なし {self.same:,}件、エラー {self.error:,}件"

    def enter(self, state: str, **values: Any) -> None:
        """Write a state with what belongs to it, in the caller's transaction; nothing else writes `state`."""
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *values])


class SheetImportChunk(models.Model):
    """About a thousand rows of the comparison; `payload` is packed by `common.sheets.chunks`."""

    run = models.ForeignKey(SheetImport, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    error = models.PositiveIntegerField(default=0)
    payload = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "取込の差分"
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="sheet_import_chunk_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"
