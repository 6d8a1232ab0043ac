"""The browser of the tests is real, and it notices what it must notice."""

from __future__ import annotations

from playwright.sync_api import Browser

from scripts.chromium import watched_context

from .axe import violations

GOOD = '<!doctype html><html lang="ja"><title>良い</title><main><h1>良い</h1><p>文</p></main></html>'
BAD = "<!doctype html><html><title></title><img src='data:,'><input></html>"


def test_a_request_that_leaves_this_machine_is_stopped_and_noted(browser: Browser):
    with watched_context(browser) as (context, watch):
        context.new_page().evaluate("fetch('http://portal.example.lg.jp/').catch(() => 0)")
        assert "request to http://portal.example.lg.jp/" in watch.unexpected


def test_errors_of_console_and_script_are_noted_unless_expected(browser: Browser, live_server: object):
    with watched_context(browser) as (context, watch):
        page = context.new_page()
        page.goto(f"{live_server}/nowhere/")
        assert ["404" in one for one in watch.unexpected] == [True]
        watch.allow("404")
        page.evaluate("setTimeout(() => { throw new Error('broken') }); console.error('loud')")
        page.wait_for_timeout(100)
        assert len(watch.unexpected) == 2


def test_axe_finds_what_is_wrong_and_passes_what_is_right(browser: Browser):
    with watched_context(browser) as (context, _):
        page = context.new_page()
        page.set_content(GOOD)
        assert violations(page) == []
        page.set_content(BAD)
        assert {"html-has-lang", "image-alt", "label"} <= {line.split(": ")[1] for line in violations(page)}
