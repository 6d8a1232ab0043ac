"""Long work of this room, found by the queue."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from common import clock
from common.documents import drawn_by_workers
from common.errors import Refused
from common.models import Task
from common.tasks import Run, enqueue, task
from common.viewer import Viewer, unpacked

from .models import BenchRun, RuleSetVersion
from .partners import kept
from .partners.finder import Finder
from .questions import BadQuestion
from .rules.ruleset import RuleSetError
from .services import batches, packages
from .studio.bench import reach, reach_ready, replay_draft
from .studio.content import fingerprint

SEARCH = "partners.search"


def search_later(raw: dict[str, Any], *, prefecture: str, url: str, key: str, viewer: Viewer) -> Task:
    """Queue a search for partners; `raw` is the question as texts, `url` the page that shows the answer."""
    payload = {"raw": raw, "prefecture": prefecture, "url": url}
    return enqueue(SEARCH, payload, viewer=viewer, dedupe_key=f"{SEARCH}:{key}:{viewer.user_id}")


@task(SEARCH, title="連携先の検索")
def search(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Search and keep what was found; the page finds it there."""
    finder = Finder(payload["prefecture"])
    try:
        ready = finder.prepare(finder.read(payload["raw"]))
        found = kept.known(ready)
        if found is None:
            found = ready.run(lambda size, largest: run.progress(4**size, 4**largest, f"{size}市町村までの組合せ"))
            kept.keep(ready, found)
    except BadQuestion as wrong:
        raise Refused(str(wrong)) from wrong
    return {"text": f"{found.searched:,}通りを調べました。", "url": payload["url"]}


REPLAY, REACH = "studio.replay", "studio.reach"


def bench_later(version: RuleSetVersion, kind: str, *, url: str, viewer: Viewer) -> Task:
    """Queue a replay or a reach of a ruleset as it stands now; `url` is the page that shows the answer."""
    name = REPLAY if kind == BenchRun.Kind.REPLAY else REACH
    mark = fingerprint(version.content)
    payload = {"version": version.pk, "content": mark, "url": url}
    return enqueue(name, payload, viewer=viewer, dedupe_key=f"{name}:{version.pk}:{mark[:32]}:{viewer.user_id}")


@task(REPLAY, title="過去の支援での確認")
def replay_rules(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Judge the whole history by a draft."""
    version = _as_asked(payload)

    def tell(done: int, total: int) -> None:
        run.progress(done, total, "地域と年度ごとに判定しています。")

    try:
        result, data = replay_draft(version, tell)
    except RuleSetError as wrong:
        raise Refused(*wrong.errors[:3]) from wrong
    with run.atomic():
        _keep(version, BenchRun.Kind.REPLAY, payload["content"], data, result)
    return {"text": f"{len(result['rows'])}件を判定しました。", "url": payload["url"]}


@task(REACH, title="対象になりうる市町村の検索")
def reach_rules(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Search every connected set of the prefecture under a draft; the same rules and data are not searched twice."""
    version = _as_asked(payload)
    try:
        ready = reach_ready(version)
        kept_run = BenchRun.objects.filter(
            ruleset=version, kind=BenchRun.Kind.REACH, content_hash=payload["content"], data_hash=ready.key
        ).first()
        result = (
            kept_run.result
            if kept_run
            else reach(version, ready, lambda size, most: run.progress(4**size, 4**most, f"{size}市町村までの組合せ"))
        )
    except BadQuestion as wrong:
        raise Refused(str(wrong)) from wrong
    except RuleSetError as wrong:
        raise Refused(*wrong.errors[:3]) from wrong
    with run.atomic():
        _keep(version, BenchRun.Kind.REACH, payload["content"], ready.key, result)
    return {"text": f"{sum(result['counts'].values()):,}通りを調べました。", "url": payload["url"]}


def _as_asked(payload: dict[str, Any]) -> RuleSetVersion:
    """The version that was to be tested, as long as it says what it said then."""
    version: RuleSetVersion = RuleSetVersion.objects.select_related("program").get(pk=payload["version"])
    if fingerprint(version.content) != payload["content"]:
        raise Refused("試験を始める前に案が書き換えられました。もう一度実行してください。")
    return version


def _keep(version: RuleSetVersion, kind: str, content: str, data: str, result: dict[str, Any]) -> None:
    BenchRun.objects.update_or_create(
        ruleset=version,
        kind=kind,
        content_hash=content,
        data_hash=data,
        defaults={"result": result, "made_at": clock.now()},
    )


def _package_failed(payload: dict[str, Any], sentence: str, refused: bool) -> None:
    packages.failed(payload["package"])


@task(packages.TASK, title="書類のとりまとめ", gave_up=_package_failed)
def make_package(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Build the ZIP of an audit or a disclosure; one that was made already stays as it is."""
    package = packages.make(payload["package"], atomic=run.atomic)
    return {"text": f"{package.entries or 0}ファイルをまとめました。"}


@task(batches.TASK, title="まとめて処理")
def work_batch(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Do the rows of a batch that still wait; a row that is done stays done when the work is taken up again.

    Its letters are drawn beside it by every worker there is.
    """

    def tell(done: int, total: int) -> None:
        run.progress(done, total, f"{total}件のうち{done}件を処理しました")

    with drawn_by_workers():
        batches.work(payload["batch"], unpacked(payload["viewer"]), atomic=run.atomic, tell=tell)
    return {"text": "まとめて処理が終わりました。", "url": reverse("subsidies:batch_detail", args=[payload["batch"]])}
