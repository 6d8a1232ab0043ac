"""What the portal itself keeps: prefecture-wide indicators (report, table 10), the search, the turn of the year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .finding.tokens import TokensField
from .querysets import (
    DisposalItemQuerySet,
    DisposalListQuerySet,
    ErasedQuerySet,
    PrefIndicatorQuerySet,
    RetentionHoldQuerySet,
    SearchEntryQuerySet,
)


class BaselineAndTarget(models.Model):
    """From where to where a plan of the prefecture wants to come; a word stands where there is no number."""

    baseline = models.IntegerField("基準値", null=True, blank=True)
    baseline_word = models.CharField("基準値（言葉）", max_length=20, blank=True)
    baseline_fy = models.PositiveSmallIntegerField("基準年度")
    target = models.IntegerField("目標値", null=True, blank=True)
    target_word = models.CharField("目標値（言葉）", max_length=20, blank=True)
    qualifier = models.CharField("条件", max_length=20, blank=True)
    target_fy = models.PositiveSmallIntegerField("目標年度")
    source = models.CharField("出典", max_length=200)

    class Meta:
        abstract = True


class PrefIndicator(BaselineAndTarget):
    """One indicator of a prefectural plan: baseline and target with its qualifier; the computed value is never stored.

    `measure` says what is counted beside it. A baseline of 新規 and a target of 全市町村 have a word in place of the
    value.
    """

    class Measure(models.TextChoices):
        REGIONS = "regions", "国や道の制度に取り組む地域"
        MUNICIPALITIES = "municipalities", "国や道の制度に取り組む市町村"
        INITIATIVES = "initiatives", "前進プランの取組"

    code = models.CharField("コード", primary_key=True, max_length=20)
    prefecture = models.ForeignKey("municipalities.Prefecture", models.PROTECT, related_name="+")
    name = models.CharField("指標", max_length=100)
    plan = models.CharField("計画", max_length=60)
    unit = models.CharField("単位", max_length=20)
    measure = models.CharField("計算の方法", max_length=20, choices=Measure)
    order = models.PositiveSmallIntegerField("表示順", default=0)

    objects = PrefIndicatorQuerySet.as_manager()

    PLANNED = ("baseline", "baseline_word", "baseline_fy", "target", "target_word", "qualifier", "target_fy", "source")

    class Meta:
        verbose_name = verbose_name_plural = "全道の指標"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline__isnull=False, baseline_word="") | (Q(baseline=None) & ~Q(baseline_word="")),
                name="pref_indicator_baseline_is_value_or_word",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_word="") | (Q(target=None) & ~Q(target_word="")),
                name="pref_indicator_target_is_value_or_word",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PrefIndicatorPlan(BaselineAndTarget):
    """Another baseline and target of an indicator: prepared by headquarters' staff, in force once its decider confirms.

    What is in force stands on the indicator itself; the confirmed rows tell how it came to it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "確認待ち"
        CONFIRMED = "confirmed", "確認済"
        DROPPED = "dropped", "取りやめ"

    indicator = models.ForeignKey(PrefIndicator, models.PROTECT, related_name="plans")
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    entered_at = models.DateTimeField("入力日時")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="入力した人"
    )
    closed_at = models.DateTimeField("確認・取りやめの日時", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "全道の指標の基準値・目標値"
        ordering = ["indicator", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(state="waiting"), name="one_waiting_plan_an_indicator"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(closed_by__isnull=False) & ~Q(closed_by=F("entered_by"))),
                name="pref_indicator_plan_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_at=None) | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="pref_indicator_plan_closed_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.get_state_display()}"


class PrefIndicatorValue(models.Model):
    """The official value of one fiscal year with its source: entered by headquarters' staff, confirmed by its decider.

    Values that came with the reference data (`entered_by` empty) count as confirmed: they are published.
    """

    indicator = models.ForeignKey(PrefIndicator, models.PROTECT, related_name="values")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    value = models.IntegerField("公表値")
    source = models.CharField("出典", max_length=200)
    entered_at = models.DateTimeField("入力日時", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入力した人"
    )
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確認した人"
    )
    revision = models.PositiveIntegerField("更新番号", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "全道の指標の公表値"
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "fiscal_year"], name="pref_indicator_value_once_a_year"),
            models.CheckConstraint(condition=~Q(source=""), name="pref_indicator_value_has_a_source"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="pref_indicator_value_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(entered_at=None, entered_by=None, confirmed_by=None)
                | Q(entered_at__isnull=False, entered_by__isnull=False),
                name="pref_indicator_value_entered_names_moment_and_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="pref_indicator_value_confirmed_names_moment_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.fiscal_year} {self.value}"

    @property
    def confirmed(self) -> bool:
        """Whether everyone may read it."""
        return self.entered_by_id is None or self.confirmed_at is not None


class SearchEntry(models.Model):
    """One thing as the search knows it, folded so that spellings meet (`portal.finding.folding`).

    `layer` says for whom the text stands: what the towns write on and what the offices read of it may differ
    (`all`, `own`, `office`). `name` holds numbers and names line by line, `text` all words, `amounts` whole yen between
    bars, `shown` the same words as people read them. What a person may find is decided at the question, never here.
    """

    class Layer(models.TextChoices):
        ALL = "all", "すべて"
        OWN = "own", "参加市町村"
        OFFICE = "office", "提出された内容"

    kind = models.CharField("種類", max_length=12)
    key = models.CharField("対象", max_length=40)
    layer = models.CharField("範囲", max_length=6, choices=Layer, default=Layer.ALL)
    ref = models.BigIntegerField("対象の番号", null=True)
    order = models.BigIntegerField("並び順", default=0)
    title = models.CharField("題名", max_length=250)
    note = models.CharField("内容", max_length=250, blank=True)
    name = models.TextField("番号と名前")
    text = models.TextField("語")
    amounts = models.TextField("金額", blank=True)
    shown = models.TextField("表示する文")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "検索の索引"
        constraints = [models.UniqueConstraint(fields=["kind", "key", "layer"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class SearchTokens(models.Model):
    """The letters and pairs of letters of one entry, as the database finds them (`portal.finding.tokens`).

    A table with a GIN index on PostgreSQL, an FTS5 table on SQLite, whose key is called `rowid`; only
    `portal.finding.index` writes here.
    """

    entry = models.OneToOneField(
        SearchEntry,
        models.CASCADE,
        primary_key=True,
        db_column="rowid",
        db_constraint=False,
        related_name="tokens",
    )
    tokens = TokensField()

    class Meta:
        verbose_name = verbose_name_plural = "検索の索引の文字"

    def __str__(self) -> str:
        return str(self.entry_id)


class SearchStale(models.Model):
    """A thing that changed since the index last read it; written by triggers in the transaction of the change."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "索引の更新待ち"

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class RolloverStep(models.Model):
    """A step of the turn of the year (年度更新) that somebody has called done. No row: it is still to do."""

    class Step(models.TextChoices):
        NUMBERS = "numbers", "番号簿を新年度に切り替える"
        CALLS = "calls", "新年度の募集を準備する"
        RULES = "rules", "制度のルールの適用年度を確かめる"
        STAFF = "staff", "人事異動の引継ぎを行う"
        WORK = "work", "旧年度の処理を終える"
        FIGURES = "figures", "指標と人口の版を更新する"

    fiscal_year = models.PositiveSmallIntegerField("新年度")
    step = models.CharField("手順", max_length=10, choices=Step)
    done_at = models.DateTimeField("終えた日時")
    done_who = models.CharField("終えた人", max_length=200)
    note = models.CharField("備考", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度更新の手順"
        ordering = ["-fiscal_year", "step"]
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "step"], name="rollover_step_once")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.step}"


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
