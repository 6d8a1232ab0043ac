"""The small world of the access matrix: one region under 空知, one application for each thing a URL may name, a person
for each duty inside that territory and one outside it.

A new page whose URL names another kind of thing adds it here as a `cached_property`; rows name it in `named`.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import services as accounts
from accounts.models import Absence, Handover, Post
from common import clock, files
from common.fiscal_year import FiscalYear
from common.models import DocumentIssue, SheetImport, StoredFile, Task
from common.sheets import importing
from common.viewer import Duty, OfficeKind
from municipalities.models import Municipality
from portal.annual.publishing import issue_report
from portal.load import load_all as load_indicators
from portal.models import DisposalItem, DisposalList, PrefIndicator
from regions.models import (
    Vision,
)
from subsidies.distribution import Method
from subsidies.models import (
    Application,
    ApplicationProject,
    Batch,
    BudgetSimulation,
    Call,
    Delegation,
    FollowUp,
    Package,
    RuleSetVersion,
)
from subsidies.services import batches, evidence, packages, payments, simulations, studio
from tests.factories.municipalities import BureauFactory, PrefectureFactory
from tests.factories.regions import (
    VisionFactory,
)
from tests.factories.subsidies import CallFactory, DelegationFactory, Scene
from tests.viewers import saved, viewer

from .world_changes import Changing
from .world_regions import Cooperating
from .world_retention import Keeping


class World(Changing, Cooperating, Keeping):
    """Everything is made when it is first asked for, or all at once by `told`; the bureau is always there."""

    def __init__(self) -> None:
        super().__init__()
        BureauFactory(code="sorachi", name="空知総合振興局")

    def told(self) -> World:
        """Make everything and return the world."""
        for name, value in (
            vars(Changing) | vars(World) | vars(Keeping) | vars(Cooperating)
        ).items():  # grants before zones
            if isinstance(value, cached_property):
                getattr(self, name)
        return self

    @cached_property
    def scene(self) -> Scene:
        return Scene()

    @cached_property
    def town(self) -> Municipality:
        """A municipality: known to everyone who may look anything up."""
        return self.scene.region.lead

    @cached_property
    def absence(self) -> Absence:
        """Somebody of the town hall will be away."""
        planner = self.person(Duty.MP)
        away = saved(viewer(Duty.MF, name="不在の人"))
        office = Post.objects.filter(user=away.user_id).values_list("office", flat=True).get()
        day = clock.today() + timedelta(days=3)
        draft = accounts.AbsenceDraft(away.person, office, day, day, "leave", planner.person)
        return accounts.enter_absence(draft, viewer=self.person(Duty.MA))

    @cached_property
    def draft(self) -> Application:
        """長沼町 is still writing it, for another call than the case under review."""
        return self._in_a_call_of_its_own("draft")

    @cached_property
    def case(self) -> Application:
        """Under review at the bureau, with an initiative assigned to the field officer of the town."""
        return self._assigned(self.scene.application("bureau_review"))

    @cached_property
    def paper(self) -> DocumentIssue:
        """A paper about that case which every side may read."""
        return DocumentIssue.objects.filter(subject_id=str(self.case.pk), internal=False).latest("pk")

    @cached_property
    def call(self) -> Call:
        """The open call."""
        return self.scene.call

    @cached_property
    def rules_draft(self) -> RuleSetVersion:
        """Headquarters designs the next version of the rules."""
        return studio.copy_version(viewer=self.person(Duty.HS), version_id=self.call.ruleset_id)

    @cached_property
    def simulation(self) -> BudgetSimulation:
        """Staff of headquarters divide the budget of the call in which the case under review stands."""
        staff = self.person(Duty.HS)
        return simulations.simulate(call_id=self.case.call_id, viewer=staff, name="按分案", method=Method.PRO_RATA)

    @cached_property
    def disposal_list(self) -> DisposalList:
        """Staff of headquarters list a vision that was replaced long ago."""
        staff = self.person(Duty.HS)
        VisionFactory(region=self.scene.region, version=0, state="expired", term_from_fy=2005, term_to_fy=2010)
        standing = DisposalList.objects.create(
            on=clock.today(), prepared_who=staff.label, created_at=clock.now(), note="表の例"
        )
        vision = Vision.objects.get(version=0)
        closed_on, due_from = date(2011, 3, 31), date(2021, 4, 1)
        DisposalItem.objects.create(
            list=standing, kind="vision", key=str(vision.pk), title=vision.title, closed_on=closed_on, years=10,
            due_from=due_from,
        )  # fmt: skip
        return standing

    @cached_property
    def disposal_item(self) -> DisposalItem:
        return self.disposal_list.items.get()

    @cached_property
    def archived_list(self) -> DisposalList:
        """Another list, decided and archived."""
        head = self.person(Duty.HM)
        standing: DisposalList = DisposalList.objects.create(
            on=clock.today(), prepared_who="本庁", created_at=clock.now(), state="decided", decided_by_id=head.user_id,
            decided_at=clock.now(), decided_who=head.label,
        )  # fmt: skip
        standing.archive.save("list.zip", ContentFile(b"PK"), save=False)
        standing.archive_sha256 = "0" * 64
        standing.save()
        return standing

    @cached_property
    def batch(self) -> Batch:
        """The reviewer of the bureau tried to receive what is under review already."""
        staff = self.person(Duty.BS)
        given = {"received_on": "2026-11-20"}
        return batches.start(viewer=staff, act="receive", parameters=given, application_ids=[self.case.pk])

    @cached_property
    def disclosure(self) -> Package:
        """Staff of headquarters have prepared the disclosure of the case under review; nobody has approved it."""
        return packages.ask_disclosure(
            application_ids=[self.case.pk], viewer=self.person(Duty.HS), reason="住民からの公開請求による。",
            with_internal=False,
        )  # fmt: skip

    @cached_property
    def item(self) -> ApplicationProject:
        """The one initiative of the draft."""
        return self.draft.items.get()

    @cached_property
    def file(self) -> StoredFile:
        """A paper attached to the draft."""
        upload = SimpleUploadedFile("見積書.pdf", b"%PDF-1.4\n%%EOF\n")
        return files.store(upload, subject=self.draft, label="見積書", viewer=self.person(Duty.MP))

    @cached_property
    def ready(self) -> Application:
        """All members have agreed; the bureau knows it from the consultation."""
        return self._in_a_call_of_its_own("ready")

    @cached_property
    def typed(self) -> Application:
        """A draft that the bureau may type in the town's name."""
        return self.delegation.application

    @cached_property
    def delegation(self) -> Delegation:
        """長沼町 has delegated the typing of one draft to its bureau."""
        draft = self._in_a_call_of_its_own("draft")
        return DelegationFactory(application=draft, municipality=draft.lead, bureau=draft.lead_bureau)

    @cached_property
    def submitted(self) -> Application:
        return self._in_a_call_of_its_own("submitted")

    @cached_property
    def running(self) -> Application:
        """The work has begun; nothing was claimed yet."""
        return self._in_a_call_of_its_own("running")

    @cached_property
    def claimed(self) -> Application:
        """Money was claimed in advance and waits for the decider."""
        one = self._in_a_call_of_its_own("running")
        payments.claim(
            application_id=one.pk, kind="advance", amount_yen=1_000_000, reason="会場費", viewer=self.person(Duty.MA)
        )
        return one

    @cached_property
    def to_report(self) -> Application:
        """The work is over; the towns write their report."""
        return self._in_a_call_of_its_own("report_due")

    @cached_property
    def evidence(self) -> StoredFile:
        """A receipt kept with the first line of that report."""
        upload = SimpleUploadedFile("領収書.pdf", b"%PDF-1.4\n%%EOF\n")
        planner = self.person(Duty.MP)
        return evidence.attach(application_id=self.to_report.pk, number=1, upload=upload, viewer=planner)

    @cached_property
    def reporting(self) -> Application:
        """The work goes on, and how it stood on a day was reported to the bureau."""
        one = self._in_a_call_of_its_own("running")
        self.scene.progress(one, date(2026, 11, 1))
        return one

    @cached_property
    def follow_up(self) -> FollowUp:
        """An answered question after the support of that grant, this year."""
        item = self.claimed.items.get()
        return FollowUp.objects.create(
            project=item.project, application=self.claimed, fiscal_year=2026, continues=True, funding="一般財源",
            staffing="各町1名", answered_at=clock.now(), answered_by_id=self.person(Duty.MA).user_id,
        )  # fmt: skip

    @cached_property
    def task(self) -> Task:
        """Long work that the reviewer of the bureau started."""
        owner = self.person(Duty.BS).user_id
        return Task.objects.create(
            kind="notices.mail", created_by_id=owner, created_at=clock.now(), run_after=clock.now()
        )

    @cached_property
    def handover(self) -> Handover:
        """長沼町 prepares that its planner hands over to its field officer."""
        planner, officer = self.person(Duty.MP), self.person(Duty.MF)
        post = Post.objects.get(user=planner.user_id, duty=Duty.MP)
        move = accounts.Move(post.pk, officer.user_id)
        draft = accounts.HandoverDraft(OfficeKind.MUNICIPALITY, "014281", date(2027, 4, 1), (move,))
        return accounts.prepare_handover(draft, viewer=planner)

    @cached_property
    def indicator(self) -> PrefIndicator:
        """The first indicator of table 10; everyone who looks over the prefecture may know it."""
        PrefectureFactory(code="01")
        load_indicators()
        return PrefIndicator.objects.get(pk="IND1")

    @cached_property
    def annual(self) -> DocumentIssue:
        """The issued annual report of the running year; whoever reads the indicators reads it."""
        PrefectureFactory(code="01")
        return issue_report(FiscalYear.of(clock.today()), self.person(Duty.HM))

    def _in_a_call_of_its_own(self, until: str) -> Application:
        """A region has one application in a call: each further one belongs to another round."""
        own = CallFactory(ruleset=self.scene.call.ruleset, budgets={"sorachi": 50_000_000})
        call, self.scene.call = self.scene.call, own
        application = self._assigned(self.scene.application(until))
        self.scene.call = call
        return application

    def _assigned(self, application: Application) -> Application:
        for part in application.items.all():
            part.assignees.add(self.person(Duty.MF).user_id or 0)
        return application

    @cached_property
    def sheet_run(self) -> SheetImport:
        """A sheet that the reviewer of the bureau has uploaded and that was compared: its one row is wrong."""
        content = "団体コード,出典,年,総人口\r\n014281,国勢調査,2020,多数\r\n"
        upload = SimpleUploadedFile("人口.csv", content.encode("cp932"))
        staff = self.person(Duty.BS)
        return importing.check(importing.start(upload, kind="I-03", viewer=staff), staff)
