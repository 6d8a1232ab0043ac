"""Two readers of the index at once, and one that is killed: nothing is lost, nothing stays old (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from portal.finding import index
from portal.models import SearchEntry, SearchStale
from subsidies.models import Application
from tests.at_once import at_once
from tests.factories.subsidies import Scene

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def text_of(application: Application) -> str:
    return str(SearchEntry.objects.get(kind="application", key=str(application.pk)).text)


def test_readers_and_a_writer_at_once_leave_the_newest_text():
    draft = Scene().application("draft")
    index.refresh()

    def write(title: str) -> None:
        for number in range(10):
            Application.objects.filter(pk=draft.pk).update(title=f"{title}{number}")
            index.refresh()

    failed = [error for error in at_once(*(lambda name=name: write(name) for name in ("甲", "乙", "丙"))) if error]
    assert failed == []
    index.refresh()
    draft.refresh_from_db()
    assert draft.title in text_of(draft)
    assert not SearchStale.objects.exists()


def test_a_reader_killed_in_between_loses_nothing(monkeypatch: pytest.MonkeyPatch):
    draft = Scene().application("draft")
    index.refresh()
    Application.objects.filter(pk=draft.pk).update(title="氷の上の学校")

    def killed(kind: str, keys: Sequence[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(index, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            index.refresh()
    assert "氷の上の学校" not in text_of(draft)
    assert SearchStale.objects.exists()
    index.refresh()
    assert "氷の上の学校" in text_of(draft)


def test_a_table_that_lost_its_triggers_is_read_anew():
    draft = Scene().application("draft")
    index.refresh()
    index.remove_triggers()
    Application.objects.filter(pk=draft.pk).update(title="引金のない間の変更")
    assert index.refresh() == 0
    index.follow_tables()
    assert index.refresh() > 0
    assert "引金のない間の変更" in text_of(draft)
    Application.objects.filter(pk=draft.pk).update(title="戻ったあとの変更")
    assert index.refresh() > 0
    index.follow_tables()
    assert not SearchStale.objects.exists(), "nothing was missing"
