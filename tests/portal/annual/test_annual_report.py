"""Making, reading and issuing the annual report: who, what stays, how it prints, what the workbook holds."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from common.documents import Mark, freeze, render_pdf, unissued
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.models import AuditEvent, DocumentIssue, Task
from common.tasks import run_next
from common.viewer import Duty
from municipalities.models import Prefecture
from portal.annual import pictures
from portal.annual.book import annual_book
from portal.annual.publishing import issue_report
from portal.annual.report import CHAPTERS, annual_report
from portal.annual.shape import AnnualReport, Chapter, Head, Section, Table
from regions.models import Region
from subsidies.models import Program, SupportYear
from tests.common.pdf import complaints, pages_of, text_of
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("history_db")]
YEAR = FiscalYear(2023)


def reader(duty: Duty) -> Client:
    return client_for(viewer(duty))


class TestPages:
    @pytest.mark.parametrize("key", CHAPTERS)
    def test_every_chapter_is_a_page_with_few_questions(self, key: str):
        client = reader(Duty.HS)
        address = reverse("portal:annual_chapter", args=[2023, key])
        answer = client.get(address)
        assert answer.status_code == 200
        assert CHAPTERS[key][0].split("　")[0][:4] in answer.content.decode()
        assert len(queries_of(lambda: client.get(address))) <= 24

    def test_a_town_reads_only_what_was_issued(self):
        client = reader(Duty.MP)
        assert client.get(reverse("portal:annual_detail", args=[2023])).status_code == 403
        assert client.get(reverse("portal:annual_chapter", args=[2023, "money"])).status_code == 403
        assert "まだありません" in client.get(reverse("portal:annual_list")).content.decode()
        paper = issue_report(YEAR, saved(viewer(Duty.HM)))
        page = client.get(reverse("portal:annual_paper", args=[paper.pk]), {"chapter": "regions"})
        assert "45市町村" in page.content.decode()

    def test_years_without_support_and_chapters_that_are_none_are_not_there(self):
        client = reader(Duty.HM)
        assert client.get(reverse("portal:annual_detail", args=[2014])).status_code == 404
        assert client.get(reverse("portal:annual_detail", args=[2030])).status_code == 404
        assert client.get(reverse("portal:annual_chapter", args=[2023, "secrets"])).status_code == 404

    def test_the_draft_is_drawn_by_the_worker_with_progress(self):
        client = reader(Duty.HS)
        address = reverse("portal:annual_draft_pdf", args=[2015])
        waiting = client.get(address)
        task = Task.objects.get(kind=unissued.DRAW)
        assert waiting["Location"] == reverse("portal:task_detail", args=[task.pk])
        done = run_next("test", heartbeat=False)
        assert done is not None
        done.refresh_from_db()
        assert (done.state, done.progress_done) == (Task.State.DONE, done.progress_total)
        answer = client.get(done.result["url"])
        assert answer["Content-Type"] == "application/pdf"
        pages = pages_of(answer.content)
        assert all("案" in page for page in pages)
        assert "目次" in pages[1]
        assert "平成27年度" in pages[0]
        assert complaints(answer.content) == []


class TestIssuing:
    def test_it_is_numbered_frozen_and_replaced_by_a_later_one(self):
        head = saved(viewer(Duty.HM))
        first = issue_report(YEAR, head)
        assert first.number is not None
        assert first.snapshot["head"]["number"] == first.number.text
        name = Prefecture.objects.get(pk="01").name
        assert (first.subject_id, first.addressee, first.office_key.partition(":")[0]) == ("2023", "", "prefecture")
        assert first.snapshot["prefecture"] == name
        before = str(first.snapshot["chapters"])
        SupportYear.objects.create(
            program=Program.objects.get(pk="acceleration"), region=Region.objects.get(pk="M05"), fiscal_year=2023
        )
        second = issue_report(YEAR, head)
        first.refresh_from_db()
        assert first.superseded_by == second
        assert str(first.snapshot["chapters"]) == before
        assert second.number is not None
        assert second.number.value == first.number.value + 1
        assert AuditEvent.objects.filter(action="document.supersede").count() == 1
        page = reader(Duty.BS).get(reverse("portal:annual_paper", args=[first.pk])).content.decode()
        assert "差替済" in page
        assert reverse("portal:annual_paper", args=[second.pk]) in page

    def test_without_news_nothing_is_issued_and_no_number_is_taken(self):
        head = saved(viewer(Duty.HS))
        issue_report(YEAR, head)
        with pytest.raises(Refused, match="内容が同じ"), transaction.atomic():
            issue_report(YEAR, head)
        assert DocumentIssue.objects.filter(kind="D-28").count() == 1

    def test_a_year_to_come_is_refused(self):
        with pytest.raises(Refused, match="始まっていない"):
            issue_report(FiscalYear(2090), saved(viewer(Duty.HM)))

    def test_the_page_issues_and_the_worker_draws_what_everybody_reads(self):
        client = reader(Duty.HM)
        answer = client.post(reverse("portal:annual_issue", args=[2015]))
        paper = DocumentIssue.objects.get(kind="D-28")
        assert answer["Location"] == reverse("portal:annual_paper", args=[paper.pk])
        address = reverse("portal:annual_paper_pdf", args=[paper.pk])
        assert "/tasks/" in reader(Duty.OB).get(address)["Location"], "not drawn yet: the way to its progress"
        while run_next("test", heartbeat=False):
            pass
        assert reader(Duty.OB).get(address)["Content-Type"] == "application/pdf"
        copy = client.post(reverse("portal:annual_paper_reprint", args=[paper.pk]))
        assert all("再発行" in page for page in pages_of(copy.content))
        paper.refresh_from_db()
        assert paper.reprints == 1


class TestBook:
    def test_one_sheet_a_table_numbers_as_numbers_units_in_the_heading(self):
        report = annual_report(YEAR, viewer(Duty.HS))
        with annual_book(report) as out:
            book = CalamineWorkbook.from_filelike(BytesIO(out.read()))
        tables = [table for one in report["chapters"] for section in one["sections"] for table in section["tables"]]
        assert book.sheet_names == [table["key"] for table in tables]
        assert not any(book.get_sheet_by_name(name).merged_cell_ranges for name in book.sheet_names)
        head, first = book.get_sheet_by_name("年度別の地域数").to_python()[:2]
        assert head[3:6] == ["新たに始めた地域（地域）", "支援を受けた地域（地域）", "構成市町村（市町村）"]
        assert first[2:6] == [2015, 5, 5, 18]
        (row,) = [row for row in book.get_sheet_by_name("構成市町村").to_python() if row[3] == "夕張市"]
        assert row[2] == "012092", "codes keep their zero"
        assert all(isinstance(value, float | int) for value in row[6:])
        assert row[8] < 0

    def test_it_is_taken_from_the_page(self):
        answer = reader(Duty.AU).get(reverse("portal:annual_draft_book", args=[2023]))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


class TestPaper:
    def test_heads_repeat_and_every_row_is_printed(self):
        rows = tuple(
            (f"地域{number // 3}", f"取組{number:03}", number * 1000, date(2024, 5, 1).isoformat())
            for number in range(120)
        )
        pages = pages_of(render_pdf("D-28", freeze(small(rows))))
        text = "".join(pages)
        assert all(f"取組{number:03}" in text for number in range(120))
        assert sum("交付決定額" in page for page in pages) >= 3
        assert "119,000" in text
        assert "令和6年5月1日" in text
        assert "▲5.5" in text

    @pytest.mark.parametrize("mark", [None, Mark.DRAFT, Mark.REPRINT | Mark.SUPERSEDED])
    def test_it_conforms_with_every_mark(self, mark: Mark | None):
        data = render_pdf("D-28", freeze(small((("髙﨑①㈱", "𠮟らない" * 3, None, "－"),))), mark=mark)
        assert complaints(data) == []
        said = {None: "", Mark.DRAFT: "案"}.get(mark, "差替済")
        assert said in text_of(data)

    def test_contents_name_the_page_of_each_chapter(self):
        pages = pages_of(render_pdf("D-28", freeze(small(()))))
        assert pages[1].startswith("目次")
        assert "1章の題名･" in pages[1]
        assert "該当はない。" in pages[2]


def small(rows: tuple[Any, ...]) -> AnnualReport:
    from common.documents import Head as LetterHead

    heads = (Head("地域"), Head("取組", look="wide"), Head("交付決定額", "円", num=True), Head("期日", look="nw"))
    table = Table("表", "表の題名", heads, rows, total=("計", "", "-5.5", "") if rows else (), groups=1)
    chapter = Chapter("one", "章の題名", (Section("節の題名", tables=(table,)),), number=1)
    return AnnualReport(
        LetterHead("年次報告書", ("年次報告書", "令和5年度"), issued_on=date(2024, 4, 1)),
        2023,
        "令和5年度",
        "北海道",
        "令和6年3月31日",
        (chapter,),
    )


def test_nothing_is_drawn_of_nothing():
    assert pictures.bars([("空知", 0)], label="無") == ""
    assert pictures.stacked(["R5"], [("モデル", [0])], label="無") == ""
