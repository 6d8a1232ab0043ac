"""A question over 10,000 applications with their papers, beside plain `icontains` over the same tables in the same run.

Asked as headquarters, a bureau and a town, by number, name, one, two and three words, one letter, a state, an
amount, and a word everything holds; `search.page` is the whole page over HTTP,
`search.answers` what comes while somebody types.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import Q
from django.urls import reverse

from common.models import DocumentIssue
from common.viewer import Viewer
from portal.finding.index import refresh
from portal.models import SearchEntry
from portal.search import search_for
from subsidies.models import Application, ApplicationProject, CostLine
from subsidies.papers_access import SUBJECT, papers_visible_to
from tests.factories.subsidies import Scene
from tests.viewers import client_for

from .harness import Benchmark
from .lists import fill, get

WORDS = (
    "広域 連携 研修 職員 合同 観光 医療 介護 公共交通 消防 防災 空間管理 学校給食 水道 施設 共同調査 計画 事業 地域住民"
    " サービス 維持 確保 人材育成 デジタル窓口 オンライン会議 委託 専門家派遣 町村 圏域 課題 解決 効果 費用 負担 協議会"
    " 推進 検討 移住定住 促進 農業 漁業 林業 産業振興 ふるさと 体験 文化 スポーツ"
)
PURPOSE, PLAN, LINES = 300, 600, 8  # letters, letters, cost lines of one application


def benchmarks() -> Iterator[Benchmark]:
    scene = Scene()
    one = scene.application("granted")
    fill(scene, one)
    _write(random.Random(1), one)
    refresh()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people = {"headquarters": scene.staff(), "bureau": scene.reviewer(), "town": scene.planner()}
    questions = {
        "number": "successor-07777",
        "name": "長沼・栗山連携地域",
        "three_words": "遠隔地 観光 研修",
        "everything": "研修",
        "one_letter": "域",
        "two_words": "令和8年度 研修",
        "state": "審査中",
        "nothing": "存在しない言葉",
        "amount": "1,234万円",
    }
    facts: dict[str, object] = {
        "applications": Application.objects.count(),
        "documents": DocumentIssue.objects.count(),
        "entries": SearchEntry.objects.count(),
    }
    for who, person in people.items():
        for name, text in questions.items():
            yield Benchmark(
                f"search.{who}.{name}",
                _ask(person, text),
                "icontains over the tables",
                _plain(person, text),
                rounds=15,
                facts=facts,
            )
    client = client_for(people["headquarters"])
    for name, view in (("page", "search"), ("answers", "search_answers")):
        text = questions["three_words"]
        call = get(client, reverse(f"portal:{view}"), {"q": text})
        yield Benchmark(
            f"search.{name}", call, "icontains over the tables", _plain(people["headquarters"], text), facts=facts
        )


def _ask(person: Viewer, text: str) -> Callable[[], object]:
    return lambda: search_for(person, text)


def _plain(person: Viewer, text: str) -> Callable[[], object]:
    """What one would write without an index: every word in one of the columns, twenty of each with their number."""

    def call() -> None:
        applications, papers = Application.objects.visible_to(person), papers_visible_to(person)
        for word in text.split():
            items = ApplicationProject.objects.filter(Q(content__icontains=word) | Q(project__name__icontains=word))
            lines = CostLine.objects.filter(description__icontains=word)
            applications = applications.filter(
                Q(number__icontains=word)
                | Q(receipt_number__icontains=word)
                | Q(title__icontains=word)
                | Q(region__name__icontains=word)
                | Q(purpose__icontains=word)
                | Q(plan__icontains=word)
                | Q(pk__in=items.values("application"))
                | Q(pk__in=lines.values("application"))
            )
            papers = papers.filter(Q(number__text__icontains=word) | Q(title__icontains=word))
        for rows in (applications.for_list().order_by("-id"), papers.order_by("-issued_at").defer("snapshot")):
            list(rows[:20])
            rows.count()

    return call


def _write(chance: random.Random, one: Application) -> None:
    """Give every application a text of its own, cost lines and two papers; every hundredth tells of a 遠隔地."""
    rows = list(Application.objects.all())
    for row in rows:
        row.purpose, row.plan = _text(chance, PURPOSE), _text(chance, PLAN)
        if row.pk % 100 == 0:
            row.plan += "遠隔地の観光と研修。"
    Application.objects.bulk_update(rows, ["purpose", "plan"], 500)
    CostLine.objects.filter(application__in=rows).delete()
    CostLine.objects.bulk_create(
        (
            CostLine(
                application=row,
                number=number,
                category="commission",
                description=_text(chance, 15),
                amount_yen=chance.randrange(10, 2_000) * 10_000,
                eligible_yen=0,
            )
            for row in rows
            for number in range(1, LINES + 1)
        ),
        2_000,
    )
    papers = list(DocumentIssue.objects.filter(subject_type=SUBJECT, subject_id=str(one.pk), number=None)[:2])
    DocumentIssue.objects.bulk_create(
        (_paper(paper, row) for row in rows for paper in papers if row.pk != one.pk), 2_000
    )


def _paper(paper: DocumentIssue, row: Application) -> DocumentIssue:
    other = copy.copy(paper)
    other.pk, other.subject_id = None, str(row.pk)
    return other


def _text(chance: random.Random, letters: int) -> str:
    text, words = "", WORDS.split()
    while len(text) < letters:
        text += chance.choice(words) + chance.choice("のをにがとはも、。")
    return text
