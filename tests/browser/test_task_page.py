"""Following long work in the browser: the page moves by itself, and without JavaScript by its link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from common.models import Task
from common.tasks import enqueue, run_next
from common.viewer import Duty
from scripts.chromium import watched_context

from ..common import sample_tasks  # noqa: F401 - registers the bodies
from ..viewers import saved, viewer
from .axe import assert_accessible
from .conftest import sign_in


@pytest.fixture
def owner(transactional_db: None):
    return saved(viewer(Duty.BS))


def test_the_page_shows_the_end_without_being_reloaded(live_server, context: BrowserContext, page: Page, owner):
    task = enqueue("sample.greet", {"name": "長沼町"}, viewer=owner)
    Task.objects.filter(pk=task.pk).update(progress_done=3, progress_total=8, progress_text="3件目を読んでいます。")
    sign_in(context, live_server.url, owner)
    page.goto(f"{live_server.url}/tasks/{task.pk}/")
    expect(page.get_by_role("status")).to_contain_text("3／8")
    assert_accessible(page)
    run_next("worker", heartbeat=False)
    expect(page.get_by_role("status")).to_contain_text("長沼町様")
    assert_accessible(page)


def test_without_javascript_the_link_shows_the_latest(live_server, browser: Browser, owner):
    task = enqueue("sample.refuse", {}, viewer=owner)
    with watched_context(browser, javascript=False) as (context, watch):
        sign_in(context, live_server.url, owner)
        page = context.new_page()
        page.goto(f"{live_server.url}/tasks/{task.pk}/")
        run_next("worker", heartbeat=False)
        page.get_by_role("link", name="最新の状況を表示する").click()
        expect(page.get_by_role("status")).to_contain_text("取り込むシートがありません。")
        assert not watch.unexpected
