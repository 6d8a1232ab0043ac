"""A list leaves the house by one page: what it shows, the chosen columns, on record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import AuditEvent
from common.viewer import Duty
from tests import exports
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.viewers import client_for, viewer

pytestmark = pytest.mark.django_db
URL = "/municipalities/export/"


@pytest.fixture
def towns() -> None:
    bureau = BureauFactory(code="nemuro", name="根室振興局")
    for code, name in (("016918", "別海町"), ("016934", "標津町"), ("016942", "羅臼町")):
        MunicipalityFactory(code=code, name=name, bureau=bureau)


def test_only_the_chosen_columns_are_written_in_their_own_order(towns):
    client = client_for(viewer(Duty.HS))
    rows = exports.book(client, URL, ["市町村名", "団体コード"])
    assert rows == [["団体コード", "市町村名"], ["016918", "別海町"], ["016934", "標津町"], ["016942", "羅臼町"]]


def test_without_a_column_or_a_form_the_page_says_what_to_do(towns):
    client = client_for(viewer(Duty.HS))
    answer = client.post(URL, {"form": "pdf"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "書き出す列を1つ以上選んでください。" in page
    assert "形式を選んでください。" in page
    assert not AuditEvent.objects.filter(action="list.export").exists()


def test_taking_a_list_is_on_record_with_what_was_asked(towns):
    person = viewer(Duty.HS)
    exports.rows(client_for(person), f"{URL}?q=別海")
    event = AuditEvent.objects.get(action="list.export")
    assert (event.title, event.user_id) == ("市町村一覧を書き出し", person.user_id)
    assert (event.after["行数"], event.after["形式"]) == (1, "utf8")
    assert event.after["条件"] == "q=別海"
    assert "団体コード" in event.after["列"]


def test_what_shift_jis_cannot_write_is_said_before_anything_leaves(towns):
    MunicipalityFactory(code="016926", name="𠮷野町")
    client = client_for(viewer(Duty.HS))
    asked = {"form": "cp932", "columns": ["団体コード", "市町村名"]}
    page = client.post(f"{URL}?q=𠮷野", asked)
    assert "次の文字は Shift_JIS で出力できません：𠮷" in page.content.decode()
    assert "2行目「市町村名」" in page.content.decode()
    assert not AuditEvent.objects.filter(action="list.export").exists()
    written = exports.written(client, f"{URL}?q=𠮷野", "cp932", ["団体コード", "市町村名"], gaps="ok")
    assert "〓野町" in written.decode("cp932")
    only_codes = client.post(f"{URL}?q=𠮷野", asked | {"columns": ["団体コード"]})
    assert b"".join(only_codes.streaming_content).decode("cp932").splitlines()[1] == "016926"


def test_more_rows_than_a_sheet_holds_are_offered_as_csv(towns, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("common.sheets.exporting.ROWS_OF_A_SHEET", 3)
    client = client_for(viewer(Duty.HS))
    answer = client.post(URL, {"form": "xlsx", "columns": ["団体コード"]})
    assert answer.status_code == 422
    assert "CSVを選んでください" in answer.content.decode()
    assert len(exports.rows(client, URL)) == 3


def test_the_link_above_a_list_carries_its_filters_and_not_its_page(towns):
    page = client_for(viewer(Duty.HS)).get("/municipalities/?kind=town&page=1").content.decode()
    assert "/municipalities/export/?kind=town" in page
    assert "/municipalities/export/?kind=town&amp;page" not in page


def test_as_many_queries_for_many_rows_as_for_few(towns):
    client = client_for(viewer(Duty.HS))
    columns = exports.headings(client, URL)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            exports.written(client, URL, "utf8", columns)
        return len(queries)

    asked()  # the first event makes the head of the chain
    few = asked()
    for number in range(30):
        MunicipalityFactory(code=f"0199{number:02}")
    assert asked() == few
