"""What the index of letters knows of a text, and that whatever has a word has the tokens of the word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.finding.folding import fold
from portal.finding.index import refresh
from portal.finding.tokens import amount_token, kind_token, tokens_of, word_tokens
from portal.models import SearchEntry, SearchTokens
from portal.search import search_for
from tests.factories.subsidies import Scene

TEXT = st.text("北海道広域連携のー第12345号a-\U00020bb7\n", max_size=30)


@given(TEXT, TEXT.filter(lambda word: word and not any(map(str.isspace, word))), TEXT)
def test_a_text_has_the_tokens_of_every_word_in_it(before: str, word: str, after: str):
    assert set(word_tokens(word)) <= set(tokens_of("call", "all", before + word + after, []))


def test_words_of_two_letters_amounts_and_kinds_are_exact():
    tokens = set(tokens_of("call", "all", fold("広域の連携\n観光"), [8_640_000, -500]))
    assert set(word_tokens("連携")) <= tokens
    for absent in ("域連", "携観", "光観"):
        assert not set(word_tokens(absent)) <= tokens, absent
    assert {amount_token(8_640_000), amount_token(-500), kind_token("call"), kind_token("call", "all")} <= tokens
    assert not {amount_token(40_000), kind_token("plan"), kind_token("call", "own")} & tokens


@pytest.mark.parametrize(("asked", "found"), [("研", True), ("単独", True), ("単独で行う", False), ("修研", False)])
def test_what_the_tokens_only_suggest_is_looked_up(db: None, asked: str, found: bool):
    scene = Scene()
    draft = scene.application("draft")
    draft.purpose, draft.plan = "単独の研修。独で。で行う。", ""
    draft.save()
    assert any(group.kind == "application" for group in search_for(scene.planner(), asked)) is found


def test_every_entry_has_its_tokens_and_none_is_left_over(db: None):
    scene = Scene()
    draft = scene.application("draft")
    refresh()
    assert set(SearchTokens.objects.values_list("pk", flat=True)) == set(
        SearchEntry.objects.values_list("pk", flat=True)
    )
    draft.parts.all().delete()
    scene.region.names.all().delete()
    refresh()
    SearchEntry.objects.filter(kind="application").delete()
    assert set(SearchTokens.objects.values_list("pk", flat=True)) == set(
        SearchEntry.objects.values_list("pk", flat=True)
    )
