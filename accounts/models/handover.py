"""The hand-over when staff change posts: many duties of one office move in one step on a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.viewer import Duty

from ..querysets import HandoverQuerySet
from .office import Office
from .person import Post, User


class Handover(models.Model):
    """Who hands over to whom in one office from a day on; staff prepare it, who answers for the office confirms."""

    class State(models.TextChoices):
        PREPARED = "prepared", "準備中"
        CONFIRMED = "confirmed", "確定"
        UNDONE = "undone", "取消"

    office_kind = models.CharField("区分", max_length=12, choices=Office.Kind)
    office_code = models.CharField("所属コード", max_length=30)
    office_name = models.CharField("所属", max_length=60)
    effective_on = models.DateField("異動の日")
    state = models.CharField("状態", max_length=10, choices=State, default=State.PREPARED)
    note = models.CharField("備考", max_length=200, blank=True)
    revision = models.PositiveIntegerField("版", default=1)
    prepared_at = models.DateTimeField("準備した日時")
    prepared_who = models.CharField("準備した人", max_length=200)
    confirmed_at = models.DateTimeField("確定した日時", null=True, blank=True)
    confirmed_who = models.CharField("確定した人", max_length=200, blank=True)
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    undone_who = models.CharField("取り消した人", max_length=200, blank=True)
    work_moved_at = models.DateTimeField("担当を移した日時", null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "異動の引継ぎ"
        ordering = ["-effective_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="prepared", confirmed_at=None)
                | (~Q(state="prepared") & Q(confirmed_at__isnull=False)),
                name="handover_confirmed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(state="undone"), name="handover_undone_has_its_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_name} {self.effective_on}"

    @property
    def shape(self) -> str:
        """The shape beside the word of its state."""
        return {"prepared": "ours", "confirmed": "done"}.get(self.state, "end")


class HandoverRow(models.Model):
    """One duty that ends with the day before; without a successor nobody takes it over."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="rows")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="所属")
    duty = models.CharField("役割", max_length=2, choices=[(duty.value, duty.label) for duty in Duty])
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="引き渡す人")
    successor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="引き継ぐ人"
    )
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    new_post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    former_end = models.DateField("引継ぎ前の終了日", null=True, blank=True)
    moved = models.JSONField("移した担当", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "引き継ぐ役割"
        ordering = ["office", "duty", "person"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "office", "duty", "person"], name="handover_row_once"),
            models.CheckConstraint(condition=~Q(person=models.F("successor")), name="handover_to_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.successor_id}"
