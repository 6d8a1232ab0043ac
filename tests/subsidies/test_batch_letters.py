"""The letters of a batch: drawn by every worker, followed on the page, taken together; nothing issued twice."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from common import tasks
from common.documents import ensure_pdf
from common.documents.issuing import DRAW
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue, Task
from subsidies.batch_letters import letters_archive, letters_of
from subsidies.models import Batch, Decision
from subsidies.services import batches
from subsidies.services.batches import note_opening
from tests.factories.subsidies import Scene
from tests.viewers import client_for

from .test_batches import several

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


class Killed(BaseException):
    """The worker is ended from outside."""


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> tuple[Scene, Batch]:
    """A batch of three grants that waits for the worker."""
    scene = Scene()
    cases = several(scene, "approval", 3)
    head = scene.head()
    for case in cases:
        note_opening(case, head)
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    batch = batches.start(
        viewer=head,
        act="approve",
        parameters={"act": "grant", "comment": ""},
        application_ids=[one.pk for one in cases],
    )
    return scene, batch


def letters() -> list[str]:
    return list(DocumentIssue.objects.filter(kind="D-08").values_list("number__text", flat=True))


def test_each_letter_is_a_task_of_its_own_and_the_page_tells_how_many_are_drawn(decided: tuple[Scene, Batch]):
    scene, batch = decided
    client = client_for(scene.head())
    page = reverse("subsidies:batch_detail", args=[batch.pk])
    tasks.run_next("first", heartbeat=False)
    drawn = [task.payload["document"] for task in Task.objects.filter(kind=DRAW, state=Task.State.QUEUED)]
    assert {paper.pk for paper in letters_of(batch)} <= set(drawn)
    assert "3通のうち<strong>0通</strong>" in client.get(page).content.decode()
    with pytest.raises(Refused, match="まだ3通"):
        letters_archive(batch, scene.head())
    ensure_pdf(letters_of(batch)[0])
    assert "3通のうち<strong>1通</strong>" in client.get(page).content.decode()
    while tasks.run_next("second", heartbeat=False):
        pass
    answer = client.get(reverse("subsidies:batch_letters", args=[batch.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        names = archive.namelist()
        assert len(names) == 4
        assert all(archive.read(name).startswith(b"%PDF-") for name in names[:3])
        listed = archive.read("一覧.csv").decode("utf-8-sig")
    assert [number for number in letters() if number not in listed] == []
    assert AuditEvent.objects.filter(action="batch.letters").count() == 1


def test_a_killed_worker_loses_nothing_and_issues_no_letter_twice(
    decided: tuple[Scene, Batch], monkeypatch: pytest.MonkeyPatch
):
    scene, batch = decided

    def killed_at_the_second(done: int, total: int) -> None:
        if done == 1:
            raise Killed

    with pytest.raises(Killed):
        batches.work(batch.pk, scene.head(), tell=killed_at_the_second)
    assert len(letters()) == 1
    first = letters()
    tasks.run_next("another", heartbeat=False)
    assert len(letters()) == len(set(letters())) == 3
    assert first[0] in letters()
    assert Decision.objects.filter(kind="granted").count() == 3
    batches.work(batch.pk, scene.head())
    assert len(letters()) == 3
    assert [paper.number.value for paper in letters_of(batch) if paper.number] == [1, 2, 3]


def test_a_batch_without_decisions_has_no_letters():
    scene = Scene()
    (case,) = several(scene, "submitted", 1)
    by = scene.reviewer()
    batch = batches.start(viewer=by, act="receive", parameters={"received_on": "2026-11-21"}, application_ids=[case.pk])
    assert letters_of(batch) == []
    answer = client_for(by).get(reverse("subsidies:batch_letters", args=[batch.pk]))
    assert answer["Location"] == reverse("subsidies:batch_detail", args=[batch.pk])
