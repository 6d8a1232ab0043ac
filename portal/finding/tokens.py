"""The letters, pairs of letters and amounts of a text as numbers, which the database finds by an index of its own.

Japanese has no word borders and most of its words have two letters, so the index knows each letter and each pair of
neighbours: 「広域」 is one token, 「広域連携」 the three tokens 広域, 域連, 連携. On PostgreSQL they are a `bigint[]`
under a GIN index, on SQLite the words of an FTS5 table; neither needs an extension (decision 0037).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any
from zlib import crc32

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

# every word of a question, each in one of its ways, each way being tokens that all have to be there
Asked = Sequence[Sequence[Sequence[int]]]

_LETTERS, _AMOUNT, _KIND, _DIGITS = range(4)  # what a token is, in its two lowest bits
_CODE_POINT = 21  # bits of a letter


def tokens_of(kind: str, layer: str, text: str, amounts: Iterable[int]) -> list[int]:
    """Return the tokens of a folded text, its amounts (whole yen), its kind and layer, in ascending order."""
    tokens = {_pair(*pair) for pair in set(pairwise(text)) if not _has_space(pair)}
    tokens.update(ord(letter) << 2 for letter in set(text) if not letter.isspace())
    tokens.update(_digits(text), map(amount_token, amounts))
    return sorted(tokens | {kind_token(kind), kind_token(kind, layer)})


def word_tokens(word: str) -> list[int]:
    """Return what every text with this word has: its one letter, or every second pair and four digits in a row.

    A text that has them all also has the word, if that is one or two letters long; otherwise one has to look. Pairs in
    between would find hardly less and have to be looked up too.
    """
    if len(word) == 1:
        return [ord(word) << 2]
    pairs = list(pairwise(re.sub("[0-9]{4,}", lambda run: f"{run[0][0]} {run[0][-1]}", word)))
    return [_pair(*pair) for pair in dict.fromkeys((*pairs[::2], pairs[-1])) if not _has_space(pair)] + _digits(word)


def amount_token(yen: int) -> int:
    """Return the token of an amount in whole yen."""
    return yen << 2 | _AMOUNT


def kind_token(kind: str, layer: str = "") -> int:
    """Return the token of a kind of thing, or of one layer of it (`SearchEntry.Layer`)."""
    return crc32(f"{kind}:{layer}".encode()) << 2 | _KIND


def _digits(text: str) -> list[int]:
    """Four digits in a row as one token: two of them stand in every year and amount."""
    runs = set(re.findall("[0-9]{4,}", text))
    return [int(run[start : start + 4]) << 2 | _DIGITS for run in runs for start in range(len(run) - 3)]


def _pair(first: str, second: str) -> int:
    return (ord(first) << _CODE_POINT | ord(second)) << 2 | _LETTERS


def _has_space(pair: tuple[str, str]) -> bool:
    return pair[0].isspace() or pair[1].isspace()


class TokensField(models.Field):
    """Tokens as the database keeps them to be found; asked through `holding`, never read back."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bigint[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return list(value) if connection.vendor == "postgresql" else " ".join(map(_word, value))


def holding(asked: Asked) -> tuple[str, list[Any]]:
    """Return SQL with its parameters that yields the entries (`rowid`) that hold each word, the newest first.

    `portal_holding` (migration 0007) asks the index whatever the planner thinks of it: it does not know what it costs
    to unpack the tokens of every row.
    """
    if connection.vendor == "sqlite":
        ways = (" OR ".join(f"({' AND '.join(map(_word, way))})" for way in ways) for ways in asked)
        expression = " AND ".join(f"({way})" for way in ways)
        return "SELECT rowid FROM portal_searchtokens WHERE tokens MATCH %s ORDER BY rowid DESC", [expression]
    sure = [token for ways in asked if len(ways) == 1 for token in ways[0]]
    open_words = [[[*sure, *way] for way in ways] for ways in asked if len(ways) > 1] or [[sure]]
    union = (
        " UNION ".join(["SELECT rowid FROM portal_holding(%s::bigint[]) AS rowid"] * len(ways)) for ways in open_words
    )
    sql = " INTERSECT ".join(f"({ways})" for ways in union)
    return f"{sql} ORDER BY 1 DESC", [way for ways in open_words for way in ways]


def _word(token: int) -> str:
    return f"{token & 0xFFFF_FFFF_FFFF_FFFF:x}"
