"""Carrying out a decided list: what goes, what stays, who may, and that a kill in the middle changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.models import ForeignObjectRel

from common import audit, clock, files, notices
from common.documents import ensure_pdf
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue, NumberEntry, StoredFile, Task
from common.tasks import run_next
from common.viewer import Duty, Viewer
from portal.annual.money import chapter as money_chapter
from portal.models import DisposalList, Erased, RetentionHold
from portal.retention import services
from portal.retention.extent import GONE, KINDS
from portal.retention.register import records
from portal.search import search_for
from subsidies import grant_register
from subsidies.models import (
    Application,
    BudgetEntry,
    CostLine,
    Decision,
    Finding,
    InternalNote,
    Package,
    Payment,
    Snapshot,
)
from tests.factories.regions import VisionFactory
from tests.factories.subsidies import Scene
from tests.portal.test_retention import closed_case, head, staff
from tests.viewers import client_for, saved, viewer

LOOSE = {
    # rows of other things that merely point at what stays
    "subsidies.Application.copied_from",
    "subsidies.Package_applications.application",
    "regions.RegionMembership.agreement",
    "regions.Vision.agreement",
    "regions.Agreement_fields.agreement",
    "subsidies.ApplicationProject_assignees.applicationproject",
}


def second() -> Viewer:
    """Another member of the staff, who has not prepared the list."""
    return saved(viewer(Duty.HS, user_id=700_009))


def work_off() -> None:
    while Task.objects.filter(state="queued").exists():
        run_next("test", heartbeat=False)


def told_case(scene: Scene) -> Application:
    """A closed grant with a file, a note, a notice and a payment."""
    application = closed_case(scene)
    upload = SimpleUploadedFile("見積書.pdf", b"%PDF-1.4\n%%EOF\n")
    files.store(upload, subject=application, label="見積書", viewer=staff())
    InternalNote.objects.create(
        application=application, text="庁内の覚え", office_key="prefecture:01", by_id=staff().user_id, who="本庁",
        at=clock.now(),
    )  # fmt: skip
    notices.send("bureau:shiribeshi", (), title="お知らせ", subject=application)
    Payment.objects.create(
        application=application, number=1, kind="final", state="paid", amount_yen=1_000, reason="会場使用料",
        claimed_on=date(2020, 5, 1), claimed_by_id=staff().user_id, approved_on=date(2020, 5, 2),
        approved_by_id=head().user_id, paid_on=date(2020, 5, 10), recorded_by_id=staff().user_id,
    )  # fmt: skip
    return application


def decided_list() -> DisposalList:
    """Everything due is listed, decided, archived, and the archive taken away."""
    made = services.prepare(viewer=staff())
    services.propose(list_id=made.pk, viewer=staff())
    services.decide(list_id=made.pk, viewer=head())
    work_off()
    assert client_for(staff()).get(f"/retention/lists/{made.pk}/archive.zip").status_code == 200
    made.refresh_from_db()
    return made


def carried_out(made: DisposalList, **given: Any) -> DisposalList:
    services.carry_out(list_id=made.pk, viewer=second(), **({"count": made.items.count()} | given))
    work_off()
    made.refresh_from_db()
    return made


@pytest.mark.either_database
def test_every_table_that_hangs_on_a_thing_goes_or_stays():
    """A new model that points at one of these tables has to say what becomes of its rows."""
    for kind in KINDS.values():
        known = {table.model for table in kind.tables}
        for model in known | {kind.model}:
            for relation in model._meta.get_fields(include_hidden=True):
                if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
                    continue
                name = f"{relation.related_model._meta.label}.{relation.field.name}"  # type: ignore[union-attr]
                assert relation.related_model in known or name in LOOSE, f"{name} is named nowhere in extent.py"


@pytest.mark.either_database
def test_what_people_wrote_does_not_stay_in_the_rows_that_stay():
    """Of the rows that stay every free text is emptied, but for what names the thing or was published."""
    named = {
        "subsidies.Application": {"number", "title", "lead_document_no", "receipt_number", "subgroup_name"},
        "subsidies.Decision": {"reason", "letter_number"},
        "subsidies.Payment": {"document_no"},
        "subsidies.SimulationLine": {"phase"},
        "subsidies.Report": {"document_no"},
        "subsidies.FollowUp": {"funding", "staffing", "obstacles", "comment"},
        "subsidies.CaseSheet": {"title", "effect", "obstacles"},
        "regions.Agreement": {"title"},
        "regions.Vision": {"title"},
        "regions.ForwardPlan": {"title"},
        "regions.ForwardPlanInitiative": {"name"},
        "common.SheetImport": {"kind", "office_key", "created_by_name", "file_name", "file_sha256", "sheet", "encoding", "diff_sha256"},
    }  # fmt: skip
    for kind in KINDS.values():
        for table in kind.staying:
            texts = {
                one.name
                for one in table.model._meta.concrete_fields
                if one.get_internal_type() in ("CharField", "TextField") and not one.choices
            }
            assert texts - set(table.emptied) <= named.get(table.model._meta.label, set()), table.model


class TestErasing:
    def test_the_contents_go_and_the_figures_stay(self, db: None):
        scene = Scene()
        application = told_case(scene)
        entries = list(BudgetEntry.objects.order_by("pk").values())
        numbers = NumberEntry.objects.count()
        before = _register_line(application)
        made = decided_list()
        stored = [paper.pdf.name for paper in DocumentIssue.objects.filter(subject_id=str(application.pk))]
        stored += [one.file.name for one in StoredFile.objects.filter(subject_id=str(application.pk))]
        archive = made.archive.name
        assert len(stored) > 1
        assert all(default_storage.exists(name) for name in [*stored, archive])
        carried_out(made)

        assert made.state == "erased"
        assert not any(default_storage.exists(name) for name in [*stored, archive])
        for model in (CostLine, Snapshot, InternalNote):
            assert not model.objects.filter(application=application).exists(), model
        assert not DocumentIssue.objects.filter(subject_type="subsidies.application").exists()
        assert not StoredFile.objects.filter(subject_type="subsidies.application").exists()
        application.refresh_from_db()
        assert (application.purpose, application.plan, application.erased_on) == ("", "", clock.today())
        assert list(BudgetEntry.objects.order_by("pk").values()) == entries
        assert NumberEntry.objects.count() == numbers + 1  # the deletion log's own
        assert _register_line(application) == before, "the grant register says the same"

        entry = Erased.objects.get()
        assert (entry.item.number, entry.granted_yen, entry.paid_yen) == (
            application.number, application.granted_yen, 1_000,
        )  # fmt: skip
        assert entry.pending == []
        assert entry.counts["rows"] > 5
        assert entry.counts["files"] == 1
        assert entry.order_number
        connection.check_constraints()
        assert audit.first_broken() is None
        call_command("verify_audit")
        acts = AuditEvent.objects.filter(subject_type="subsidies.application", subject_id=str(application.pk))
        assert acts.filter(action="disposal.erase").count() == 1
        assert acts.count() > 3, "who did what stays"

    def test_the_log_is_a_numbered_paper_that_says_what_went(self, db: None):
        application = told_case(Scene())
        made = carried_out(decided_list())
        assert made.log is not None
        assert made.log.number is not None
        (line,) = made.log.snapshot["lines"]
        assert (line["number"], line["granted_yen"]) == (application.number, application.granted_yen)
        ensure_pdf(made.log)
        answer = client_for(head()).get(f"/retention/lists/{made.pk}/log.pdf")
        assert answer["Content-Type"] == "application/pdf"

    def test_the_money_chapter_of_that_year_says_the_same(self, db: None):
        from common.fiscal_year import FiscalYear
        from portal.annual.ground import AnnualGround

        application = told_case(Scene())
        prefecture = application.region.prefecture

        def told() -> Any:
            return money_chapter(AnnualGround(FiscalYear(application.fiscal_year), head(), prefecture.pk, "北海道"))

        before = told()
        carried_out(decided_list())
        assert told() == before

    def test_a_refusal_keeps_its_place_without_its_reasons(self, db: None):
        application = closed_case(Scene())
        decision = Decision.objects.filter(application=application).latest("pk")
        Decision.objects.filter(pk=decision.pk).update(reason="町の事情による。")
        carried_out(decided_list())
        decision.refresh_from_db()
        assert decision.reason == GONE
        assert decision.letter_number

    def test_the_search_forgets_the_words_and_knows_the_number(self, db: None):
        application = told_case(Scene())
        Application.objects.filter(pk=application.pk).update(purpose="ひぐま対策の勉強会")
        assert search_for(head(), "ひぐま")
        carried_out(decided_list())
        assert not search_for(head(), "ひぐま")
        assert search_for(head(), application.number)

    def test_a_package_made_of_it_goes_too(self, db: None):
        application = told_case(Scene())
        package = Package.objects.create(
            kind="audit", state="made", prefecture=application.region.prefecture, upto_event=1, sha256="0" * 64,
            asked_by_id=staff().user_id, asked_who="監査", asked_at=clock.now(), size=2,
            file=default_storage.save("packages/x.zip", ContentFile(b"PK")),
        )  # fmt: skip
        package.applications.set([application])
        name = package.file.name
        carried_out(decided_list())
        package.refresh_from_db()
        assert (package.state, package.file.name) == ("erased", "")
        assert not default_storage.exists(name)

    def test_a_paper_of_a_region_goes_as_well(self, db: None):
        scene = Scene()
        vision = VisionFactory(
            region=scene.region, version=7, title="古いビジョン", state="expired", term_from_fy=2008, term_to_fy=2012,
            future_image="将来像",
        )  # fmt: skip
        carried_out(decided_list())
        vision.refresh_from_db()
        assert (vision.title, vision.future_image, vision.erased_on) == ("古いビジョン", "", clock.today())
        assert Erased.objects.get().years == (2008, 2012)


class TestWho:
    def refuse(self, made: DisposalList, by: Viewer, **given: Any) -> AuditEvent | None:
        last = AuditEvent.objects.latest("pk").pk
        with pytest.raises((PermissionDenied, Refused)):
            services.carry_out(list_id=made.pk, viewer=by, **({"count": 1} | given))
        made.refresh_from_db()
        assert made.state == "decided"
        assert not Task.objects.filter(kind="retention.erase").exists()
        return AuditEvent.objects.filter(pk__gt=last).first()

    def test_who_decided_does_not_carry_out(self, db: None):
        closed_case(Scene())
        both = saved(viewer(Duty.HS, Duty.HM, user_id=700_004))
        made = services.prepare(viewer=staff())
        services.propose(list_id=made.pk, viewer=staff())
        services.decide(list_id=made.pk, viewer=both)
        work_off()
        assert self.refuse(made, both) is None
        assert self.refuse(made, head()) is None
        assert self.refuse(made, saved(viewer(Duty.AU, user_id=700_005))) is None

    def test_nothing_goes_before_the_archive_was_taken_and_the_count_was_said(self, db: None):
        closed_case(Scene())
        made = services.prepare(viewer=staff())
        services.propose(list_id=made.pk, viewer=staff())
        services.decide(list_id=made.pk, viewer=head())
        self.refuse(made, second())  # not archived yet
        work_off()
        self.refuse(made, second())  # nobody took it
        client_for(staff()).get(f"/retention/lists/{made.pk}/archive.zip")
        self.refuse(made, second(), count=2)

    def test_what_goes_to_the_archives_was_handed_over_before(self, db: None):
        closed_case(Scene())
        made = services.prepare(viewer=staff())
        services.treat(
            item_id=made.items.get().pk, viewer=staff(), treatment="transfer", reason="地域の合意の経緯を示す。"
        )
        services.propose(list_id=made.pk, viewer=staff())
        services.decide(list_id=made.pk, viewer=head())
        work_off()
        client_for(staff()).get(f"/retention/lists/{made.pk}/archive.zip")
        self.refuse(made, second())
        self.refuse(made, second(), handed_over_on=date(2020, 1, 1))
        assert carried_out(made, handed_over_on=clock.today()).state == "erased"

    def test_a_changed_archive_stops_everything(self, db: None):
        application = closed_case(Scene())
        made = decided_list()
        default_storage.delete(made.archive.name)
        default_storage.save(made.archive.name, ContentFile(b"PK other"))
        carried_out(made)
        assert made.state == "decided"
        assert not Erased.objects.exists()
        application.refresh_from_db()
        assert application.erased_on is None
        assert Task.objects.get(kind="retention.erase").state == "dead"


class TestHeld:
    def test_a_hold_keeps_a_thing_until_it_is_lifted(self, db: None):
        application = closed_case(Scene())
        with pytest.raises(Refused, match="理由を入力"):
            services.hold(kind="application", key=str(application.pk), viewer=staff(), ground="lawsuit", reason=" ")
        services.hold(
            kind="application", key=str(application.pk), viewer=staff(), ground="lawsuit", reason="令和8年(行ウ)第1号"
        )
        (record,) = records(staff())
        assert record.held == "訴訟・審査請求のため、保存を続けています。"
        with pytest.raises(Refused, match="廃棄の対象になるものはありません"):
            services.prepare(viewer=staff())
        services.lift(hold_id=RetentionHold.objects.get().pk, viewer=staff())
        assert services.prepare(viewer=staff()).items.count() == 1

    @pytest.mark.parametrize("ground", ["hold", "finding", "package", "payment"])
    def test_what_is_held_after_the_decision_stays_whole(self, db: None, ground: str):
        scene = Scene()
        application = closed_case(scene)
        VisionFactory(region=scene.region, version=7, state="expired", term_from_fy=2008, term_to_fy=2012)
        made = decided_list()
        if ground == "hold":
            services.hold(
                kind="application", key=str(application.pk), viewer=staff(), ground="audit", reason="会計検査のため。"
            )
        elif ground == "finding":
            Finding.objects.create(
                application=application, rule="A-02", title="要件", before={}, now={}, digest="0", found_at=clock.now()
            )
        elif ground == "package":
            package = Package.objects.create(
                kind="disclosure", state="asked", prefecture=application.region.prefecture, upto_event=1,
                asked_by_id=staff().user_id, asked_who="本庁", asked_at=clock.now(),
            )  # fmt: skip
            package.applications.set([application])
        else:
            Payment.objects.create(
                application=application, number=1, kind="return", amount_yen=1, state="claimed",
                claimed_on=clock.today(), claimed_by_id=staff().user_id,
            )  # fmt: skip
        costs = CostLine.objects.filter(application=application).count()
        carried_out(made, count=1)
        application.refresh_from_db()
        assert application.erased_on is None
        assert CostLine.objects.filter(application=application).count() == costs > 0
        assert [entry.kind for entry in Erased.objects.all()] == ["vision"]
        item = made.items.get(kind="application")
        assert item.kept_because
        assert not item.open, "it stands in the register again"
        assert made.log is not None
        assert made.log.snapshot["kept"] == 1

    def test_a_list_of_held_things_alone_is_refused(self, db: None):
        application = closed_case(Scene())
        made = decided_list()
        services.hold(
            kind="application", key=str(application.pk), viewer=staff(), ground="disclosure", reason="公開請求のため。"
        )
        with pytest.raises(Refused, match="消去できるものがありません"):
            services.carry_out(list_id=made.pk, viewer=second(), count=1)


def _register_line(application: Application) -> list[Any]:
    """The line of D-31, cell by cell."""
    rows = grant_register.with_life(Application.objects.filter(pk=application.pk))
    (line,) = grant_register.lines_of(rows)
    return [column.value(line) for column in grant_register.register_columns()]
