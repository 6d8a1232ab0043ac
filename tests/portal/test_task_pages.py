"""Following long work: its owner sees how far it is, and nobody else knows that it exists."""

from __future__ import annotations

import pytest

from common.tasks import enqueue, run_next
from common.viewer import Duty

from ..common import sample_tasks  # noqa: F401 - registers the bodies
from ..viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return saved(viewer(Duty.BS))


def test_the_owner_reads_how_far_her_task_is(owner):
    task = enqueue("sample.greet", {"name": "長沼町"}, viewer=owner)
    client = client_for(owner)
    waiting = client.get(f"/tasks/{task.pk}/").content.decode()
    assert "あいさつ文の作成" in waiting
    assert "順番待ち" in waiting
    assert "最新の状況を表示する" in waiting  # the way without JavaScript
    run_next("w", heartbeat=False)
    done = client.get(f"/tasks/{task.pk}/").content.decode()
    assert "完了" in done
    assert "長沼町様" in done
    assert "every 2s" not in done  # nothing left to ask for


def test_htmx_gets_the_moving_piece_alone(owner):
    task = enqueue("sample.greet", {"name": "長沼町"}, viewer=owner)
    piece = client_for(owner).get(f"/tasks/{task.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<section")
    assert f'hx-get="/tasks/{task.pk}/"' in piece


def test_a_failed_task_says_what_to_do_and_hides_the_trace(owner):
    task = enqueue("sample.refuse", {}, viewer=owner)
    run_next("w", heartbeat=False)
    page = client_for(owner).get(f"/tasks/{task.pk}/").content.decode()
    assert "失敗" in page
    assert "取り込むシートがありません。" in page
    assert "Traceback" not in page


@pytest.mark.parametrize("duty", [Duty.BS, Duty.HM, Duty.AU, Duty.AD])
def test_a_stranger_gets_404(owner, duty: Duty):
    task = enqueue("sample.greet", {"name": "長沼町"}, viewer=owner)
    assert client_for(viewer(duty)).get(f"/tasks/{task.pk}/").status_code == 404
