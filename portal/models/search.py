"""What the search looks through: one row for each thing that can be found."""

from __future__ import annotations

from django.db import models

from ..finding.tokens import TokensField
from ..querysets import SearchEntryQuerySet


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
