"""How long things are kept, and that they end only by a list that somebody else decided and that was archived."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from common import audit, clock
from common.errors import Conflict, Refused
from common.models import AuditEvent, DocumentIssue, Task
from common.tasks import enqueue, run_next
from common.viewer import Duty, Viewer
from portal.models import DisposalItem, DisposalList
from portal.retention import services
from portal.retention.classes import Term, classes
from portal.retention.register import records
from portal.retention.waiting import lists_waiting
from subsidies.models import Application, Payment
from tests.factories.regions import VisionFactory
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer


def staff() -> Viewer:
    return saved(viewer(Duty.HS, user_id=700_001))


def head() -> Viewer:
    return saved(viewer(Duty.HM, user_id=700_002))


def closed_case(scene: Scene, closed_on: date = date(2020, 5, 20)) -> Application:
    """A grant whose file was closed that day."""
    application = scene.application("granted")
    Application.objects.filter(pk=application.pk).update(
        state="closed", closed_on=closed_on, fixed_yen=application.granted_yen
    )
    application.refresh_from_db()
    return application


@pytest.mark.parametrize(
    ("closed_on", "years", "counts_from", "due_from"),
    [
        (date(2024, 5, 20), 5, date(2025, 4, 1), date(2030, 4, 1)),
        (date(2025, 3, 31), 5, date(2025, 4, 1), date(2030, 4, 1)),
        (date(2024, 4, 1), 10, date(2025, 4, 1), date(2035, 4, 1)),
    ],
)
def test_time_counts_from_the_april_after_the_end(closed_on: date, years: int, counts_from: date, due_from: date):
    term = Term(closed_on, years)
    assert (term.counts_from, term.due_from) == (counts_from, due_from)


def test_grants_are_kept_five_years_and_papers_of_regions_ten():
    assert {code: one.years for code, one in classes().items()} == {
        "application": 5, "agreement": 10, "vision": 10, "plan": 10,
    }  # fmt: skip


def test_the_longer_time_of_the_approval_holds(db: None):
    application = closed_case(Scene())
    application.routes.update(retention_years=7)
    (record,) = [row for row in records(staff()) if row.kind == "application"]
    assert record.term.due_from == date(2028, 4, 1)
    assert not record.is_due(clock.today())


def test_a_bureau_reads_its_own_things_alone(db: None):
    closed_case(Scene())
    assert [row.kind for row in records(viewer(Duty.BM))] == ["application"]
    assert records(viewer(Duty.BM, bureau="nemuro")) == []


def test_what_open_work_needs_stays(db: None):
    application = closed_case(Scene())
    Payment.objects.create(
        application=application, number=1, kind="advance", amount_yen=1, claimed_on=clock.today(),
        claimed_by_id=staff().user_id,
    )  # fmt: skip
    (record,) = records(staff())
    assert record.held == "支払の手続が終わっていません。"
    with pytest.raises(Refused, match="廃棄の対象になるものはありません"):
        services.prepare(viewer=staff())


class TestList:
    def test_one_prepares_another_decides_and_the_archive_holds_everything(self, db: None):
        scene = Scene()
        application = closed_case(scene)
        VisionFactory(
            region=scene.region, version=7, title="古いビジョン", state="expired", term_from_fy=2008, term_to_fy=2012
        )
        made = services.prepare(viewer=staff())
        assert {item.kind for item in made.items.all()} == {"application", "vision"}
        old = made.items.get(kind="vision")
        services.treat(item_id=old.pk, viewer=staff(), treatment="transfer", reason="地域の合意の経緯を示す。")
        services.propose(list_id=made.pk, viewer=staff())
        services.decide(list_id=made.pk, viewer=head())
        while Task.objects.filter(kind="retention.archive", state="queued").exists():
            run_next("test", heartbeat=False)
        made.refresh_from_db()
        with default_storage.open(made.archive.name) as stored:
            data = stored.read()
            assert hashlib.sha256(data).hexdigest() == made.archive_sha256
            with zipfile.ZipFile(stored) as archive:
                manifest = json.loads(archive.read("manifest.json"))
                names = set(archive.namelist())
                assert names == {*manifest, "manifest.json"}
                for name, sha256 in manifest.items():
                    assert hashlib.sha256(archive.read(name)).hexdigest() == sha256
                record = json.loads(archive.read(f"application-{application.pk}/record.json"))
        assert record["subsidies.application"][0]["fields"]["purpose"] == application.purpose
        assert "subsidies.costline.application" in record
        papers = DocumentIssue.objects.filter(subject_type="subsidies.application", subject_id=str(application.pk))
        assert sum(name.endswith(".pdf") for name in names) == papers.count() > 0
        assert "list.csv" in names
        assert audit.first_broken() is None
        assert Application.objects.filter(pk=application.pk).exists(), "nothing is removed by the decision"
        again = run_archive_again(made)
        assert again == made.archive_sha256
        page = client_for(head()).get(f"/retention/lists/{made.pk}/").content.decode()
        assert "データの消去は、まだ行っていません" in page

    def test_who_prepared_it_does_not_decide_it(self, db: None):
        closed_case(Scene())
        both = saved(viewer(Duty.HS, Duty.HM, user_id=700_003))
        made = services.prepare(viewer=both)
        services.propose(list_id=made.pk, viewer=both)
        with pytest.raises(PermissionDenied, match="別の決裁者"):
            services.decide(list_id=made.pk, viewer=both)
        with pytest.raises(PermissionDenied):
            services.decide(list_id=made.pk, viewer=staff())
        made.refresh_from_db()
        assert made.state == "proposed"

    def test_keeping_something_back_needs_a_reason_and_a_day(self, db: None):
        closed_case(Scene())
        item = services.prepare(viewer=staff()).items.get()
        for given in ({"treatment": "transfer"}, {"treatment": "extend", "reason": "訴訟中のため"}):
            with pytest.raises(Refused):
                services.treat(item_id=item.pk, viewer=staff(), **given)
        services.treat(
            item_id=item.pk, viewer=staff(), treatment="extend", reason="訴訟中", extended_until=date(2030, 3, 31)
        )
        services.propose(list_id=item.list_id, viewer=staff())
        services.decide(list_id=item.list_id, viewer=head())
        (record,) = records(staff())
        assert record.until == date(2030, 3, 31)
        assert record.item is None

    def test_a_thing_stands_on_one_list_and_a_list_is_decided_once(self, db: None):
        closed_case(Scene())
        made = services.prepare(viewer=staff())
        with pytest.raises(Refused):
            services.prepare(viewer=staff())
        item = made.items.get()
        item.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            item.save(force_insert=True)
        services.propose(list_id=made.pk, viewer=staff())
        services.decide(list_id=made.pk, viewer=head())
        with pytest.raises(Conflict):
            services.decide(list_id=made.pk, viewer=head())
        assert AuditEvent.objects.filter(action="disposal.decide", subject_type="portal.disposallist").count() == 1

    def test_what_is_used_again_stops_the_decision(self, db: None):
        application = closed_case(Scene())
        made = services.prepare(viewer=staff())
        services.propose(list_id=made.pk, viewer=staff())
        Application.objects.filter(pk=application.pk).update(state="running")
        with pytest.raises(Refused, match="手続中に戻りました"):
            services.decide(list_id=made.pk, viewer=head())
        made.refresh_from_db()
        assert made.state == "proposed"
        services.send_back(list_id=made.pk, viewer=head(), reason="確かめてください。")
        services.take_out(item_id=made.items.get().pk, viewer=staff())
        with pytest.raises(Refused, match="1件もありません"):
            services.propose(list_id=made.pk, viewer=staff())


def run_archive_again(made: DisposalList) -> str:
    """Forget the archive as a worker killed before its commit would have, and write it once more."""
    folder_before = default_storage.listdir("disposal")[1]
    sha256 = made.archive_sha256
    DisposalList.objects.filter(pk=made.pk).update(archive="", archive_sha256="")
    written = AuditEvent.objects.filter(subject_type="portal.disposallist", action="disposal.archive")
    events = written.count()
    enqueue("retention.archive", {"list": made.pk})
    while Task.objects.filter(kind="retention.archive", state="queued").exists():
        run_next("test", heartbeat=False)
    made.refresh_from_db()
    assert written.count() == events + 1
    assert made.archive_sha256 == sha256
    assert default_storage.listdir("disposal")[1] == folder_before, "no second file is left"
    return made.archive_sha256


def test_the_pages_lead_from_the_register_to_the_archive(db: None):
    scene = Scene()
    closed_case(scene)
    client = client_for(staff())
    page = client.get("/retention/").content.decode()
    assert "令和3年4月1日" in page
    assert "令和8年4月1日" in page
    made = client.post("/retention/lists/new/", {"kind": ""})
    item = DisposalItem.objects.get()
    assert made.url == f"/retention/lists/{item.list_id}/"
    wrong = client.post(f"/retention/items/{item.pk}/", {"treatment": "extend", "reason": "係争中"})
    assert wrong.status_code == 422
    assert "係争中" in wrong.content.decode(), "what was typed stays"
    client.post(f"/retention/lists/{item.list_id}/propose/")
    decider = client_for(head())
    assert "この内容で決定する" in decider.get(f"/retention/lists/{item.list_id}/").content.decode()
    assert decider.post(f"/retention/lists/{item.list_id}/send-back/", {"reason": ""}).status_code == 422
    decider.post(f"/retention/lists/{item.list_id}/decide/")
    assert DisposalList.objects.get().state == "decided"
    assert "条件に合うものはありません" in client.get("/retention/", {"show": "due"}).content.decode()


def test_the_register_asks_as_often_for_many_as_for_few(db: None):
    scene = Scene()
    closed_case(scene)

    def grow() -> None:
        for version in range(20, 60):
            VisionFactory(region=scene.region, version=version, state="expired", term_from_fy=2005, term_to_fy=2010)

    assert_same_queries(client_for(staff()), "/retention/", grow)


def test_a_list_waits_for_whoever_may_decide_it(db: None):
    closed_case(Scene())
    made = services.prepare(viewer=staff())
    assert lists_waiting(head()) == []
    services.propose(list_id=made.pk, viewer=staff())
    assert [item.title for item in lists_waiting(head())] == [str(made)]
    assert lists_waiting(staff()) == []
    services.send_back(list_id=made.pk, viewer=head(), reason="確かめてください。")
    assert [item.label for item in lists_waiting(staff())] == ["差戻し"]
    assert lists_waiting(viewer(Duty.BM)) == []
