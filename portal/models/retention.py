"""What is kept until when: disposal lists, what was erased by them, and what may not be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import (
    DisposalItemQuerySet,
    DisposalListQuerySet,
    ErasedQuerySet,
    RetentionHoldQuerySet,
)


class DisposalList(models.Model):
    """A list of things whose time is over (廃棄リスト): prepared by staff, decided by somebody else, archived.

    `writers` are all who prepared it: none of them may decide it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        PROPOSED = "proposed", "決裁待ち"
        DECIDED = "decided", "決定済"
        ERASING = "erasing", "消去中"
        ERASED = "erased", "消去済"

    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    on = models.DateField("基準日")
    note = models.CharField("備考", max_length=200, blank=True)
    prepared_who = models.CharField("作成者", max_length=200)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="作成に関わった者")
    created_at = models.DateTimeField("作成日時")
    proposed_at = models.DateTimeField("伺い日時", null=True, blank=True)
    sent_back_because = models.CharField("差戻しの理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="決裁者"
    )
    decided_who = models.CharField("決裁者の所属・氏名", max_length=200, blank=True)
    decided_at = models.DateTimeField("決裁日時", null=True, blank=True)
    archive = models.FileField("保存用ファイル", upload_to="disposal/", blank=True, max_length=200)
    archive_sha256 = models.CharField("保存用ファイルのSHA-256", max_length=64, blank=True)
    handed_over_on = models.DateField("文書館への引渡日", null=True, blank=True)
    carried_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="消去した者"
    )
    carried_out_who = models.CharField("消去した者の所属・氏名", max_length=200, blank=True)
    carried_out_at = models.DateTimeField("消去を始めた日時", null=True, blank=True)
    erased_at = models.DateTimeField("消去を終えた日時", null=True, blank=True)
    log = models.OneToOneField(
        "common.DocumentIssue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="廃棄の記録"
    )

    objects = DisposalListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "廃棄リスト"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "erasing", "erased"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="disposal_decided_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["erasing", "erased"])
                | (Q(carried_out_by__isnull=False, carried_out_at__isnull=False) & ~Q(archive="")),
                name="disposal_erased_was_archived_and_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_by=None) | ~Q(carried_out_by=F("decided_by")),
                name="disposal_is_not_carried_out_by_its_decider",
            ),
            models.CheckConstraint(
                condition=Q(archive="", archive_sha256="") | (~Q(archive="") & ~Q(archive_sha256="")),
                name="disposal_archive_and_hash_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"廃棄リスト 第{self.pk}号"

    def stopped(self) -> None:
        """Erasing ended early: the list waits again for somebody who carries it out."""
        self.state = self.State.DECIDED
        self.save(update_fields=["state"])

    def done(self, at: datetime, log: Any) -> None:
        """Everything that may go is gone, and the log of it is issued."""
        self.state, self.erased_at, self.log = self.State.ERASED, at, log
        self.save(update_fields=["state", "erased_at", "log"])

    @property
    def shape(self) -> str:
        """The shape beside the word of the state."""
        return {"draft": "them", "proposed": "ours", "decided": "ours", "erasing": "them", "erased": "end"}[self.state]


class DisposalItem(models.Model):
    """One thing on a list, as its register entry stood then; the entry stays when the thing itself is gone.

    `open` says that it stands on a list that counts: a thing stands on one such list at most.
    """

    class Treatment(models.TextChoices):
        DISPOSE = "dispose", "廃棄"
        TRANSFER = "transfer", "文書館へ移管"
        EXTEND = "extend", "保存期間の延長"

    list = models.ForeignKey(DisposalList, models.PROTECT, related_name="items")
    kind = models.CharField("区分", max_length=12)
    key = models.CharField("対象", max_length=40)
    number = models.CharField("番号", max_length=60, blank=True)
    title = models.CharField("題名", max_length=250)
    closed_on = models.DateField("完結日")
    years = models.PositiveSmallIntegerField("保存年数")
    due_from = models.DateField("廃棄できる日")
    amount_yen = models.PositiveBigIntegerField("交付決定額（円）", null=True, blank=True)
    treatment = models.CharField("取扱い", max_length=8, choices=Treatment, default=Treatment.DISPOSE)
    reason = models.CharField("理由", max_length=200, blank=True)
    extended_until = models.DateField("延長後の最終日", null=True, blank=True)
    open = models.BooleanField("有効", default=True)
    kept_because = models.CharField("消去しなかった理由", max_length=200, blank=True)

    objects = DisposalItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "廃棄リストの行"
        ordering = ["list", "due_from", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(open=True), name="disposed_of_on_one_list"),
            models.CheckConstraint(
                condition=Q(treatment="dispose") | ~Q(reason=""), name="disposal_kept_back_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(treatment="extend", extended_until__isnull=False)
                | (~Q(treatment="extend") & Q(extended_until=None)),
                name="disposal_extended_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Erased(models.Model):
    """What is left of a thing that was erased (廃棄簿): one line, which outlives the data and is never changed.

    Number, title, class and years stand in `item`, as they were decided. Amounts are whole yen; `counts` says how many
    rows, papers and files went; `pending` names files that still wait to be removed from the storage.
    """

    item = models.OneToOneField(DisposalItem, models.PROTECT, related_name="erased")
    kind = models.CharField("区分", max_length=12)
    ref = models.BigIntegerField("対象")
    region_name = models.CharField("連携地域・振興局", max_length=120)
    program = models.CharField("制度", max_length=120, blank=True)
    bureau_name = models.CharField("主管振興局", max_length=60)
    lead = models.CharField("代表市町村", max_length=60, blank=True)
    from_fy = models.PositiveSmallIntegerField("年度")
    to_fy = models.PositiveSmallIntegerField("終わりの年度")
    outcome = models.CharField("最後の状態", max_length=30)
    requested_yen = models.PositiveBigIntegerField("申請額（円）", null=True, blank=True)
    granted_yen = models.PositiveBigIntegerField("交付決定額（円）", null=True, blank=True)
    fixed_yen = models.PositiveBigIntegerField("確定額（円）", null=True, blank=True)
    paid_yen = models.PositiveBigIntegerField("支払額（円）", null=True, blank=True)
    returned_yen = models.PositiveBigIntegerField("返納額（円）", null=True, blank=True)
    order_number = models.CharField("決定の番号", max_length=60, blank=True)
    decided_on = models.DateField("決定日", null=True, blank=True)
    erased_on = models.DateField("消去日")
    erased_who = models.CharField("消去した者", max_length=200)
    counts = models.JSONField("消去した件数")
    pending = models.JSONField("消去を待つファイル", default=list, blank=True)

    objects = ErasedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "廃棄簿"
        ordering = ["-erased_on", "kind", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="a_thing_is_erased_once")]

    def __str__(self) -> str:
        return self.item.title

    @property
    def name(self) -> str:
        """What its address is called: application-12."""
        return f"{self.kind}-{self.ref}"

    @property
    def years(self) -> tuple[int, ...]:
        """The fiscal years from the first to the last."""
        return (self.from_fy,) if self.from_fy == self.to_fy else (self.from_fy, self.to_fy)


class RetentionHold(models.Model):
    """A thing that must stay although its time is over (保存の継続): a lawsuit, an audit, a request for disclosure."""

    class Ground(models.TextChoices):
        LAWSUIT = "lawsuit", "訴訟・審査請求"
        AUDIT = "audit", "監査・検査"
        DISCLOSURE = "disclosure", "情報公開の請求"
        OTHER = "other", "その他"

    kind = models.CharField("区分", max_length=12)
    key = models.CharField("対象", max_length=40)
    ground = models.CharField("事由", max_length=10, choices=Ground)
    reason = models.CharField("内容", max_length=200)
    set_at = models.DateTimeField("指定日時")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="指定した者")
    set_who = models.CharField("指定した者の所属・氏名", max_length=200)
    lifted_at = models.DateTimeField("解除日時", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="解除した者"
    )
    lifted_who = models.CharField("解除した者の所属・氏名", max_length=200, blank=True)

    objects = RetentionHoldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保存の継続"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(lifted_at=None), name="a_thing_is_held_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_hold_lifted_names_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.get_ground_display()}"
