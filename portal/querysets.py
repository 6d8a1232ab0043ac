"""Named questions about what the portal itself keeps."""

from __future__ import annotations

from django.db.models import Model, Prefetch, Q, QuerySet

from common.viewer import Access, Action, Viewer
from municipalities.duties import MASTER
from regions import duties as together
from regions.models import Agreement, ConferenceMeeting, ForwardPlan, Project, Region, Vision
from subsidies.duties import CALL, LIST, NOTE, PAYMENT
from subsidies.models import Application, Call, Participant
from subsidies.papers_access import papers_visible_to

from .duties import INDICATORS, RETENTION


class PrefIndicatorQuerySet(QuerySet):
    """Prefecture-wide indicators. They are public; values that nobody has confirmed yet are headquarters' own."""

    def visible_to(self, viewer: Viewer) -> PrefIndicatorQuerySet:
        """Every indicator, for whoever may read them at all (row 35)."""
        return self.all() if viewer.may(INDICATORS) else self.none()

    def with_values(self, viewer: Viewer | None = None) -> PrefIndicatorQuerySet:
        """Each with `official`: the values that this person may read, oldest first (without a person: confirmed)."""
        from .models import PrefIndicatorValue

        rows = PrefIndicatorValue.objects.order_by("fiscal_year")
        if viewer is None or not (viewer.may(INDICATORS, Access.EDIT) or viewer.may(INDICATORS, Access.SUBMIT)):
            rows = rows.filter(Q(entered_by=None) | Q(confirmed_at__isnull=False))
        return self.prefetch_related(Prefetch("values", rows, to_attr="official"))


class DisposalListQuerySet(QuerySet):
    """Disposal lists (廃棄リスト, 庁内限り)."""

    def visible_to(self, viewer: Viewer) -> DisposalListQuerySet:
        """All for headquarters, auditors and the administrator; bureaus read the register of their own things only."""
        return self.all() if viewer.is_prefecture and viewer.may(RETENTION) else self.none()


class DisposalItemQuerySet(QuerySet):
    """Lines of disposal lists."""

    def visible_to(self, viewer: Viewer) -> DisposalItemQuerySet:
        """The lines of the lists this person may know."""
        from .models import DisposalList

        return self.filter(list__in=DisposalList.objects.visible_to(viewer))


class RetentionHoldQuerySet(QuerySet):
    """What is kept although its time is over (庁内限り)."""

    def visible_to(self, viewer: Viewer) -> RetentionHoldQuerySet:
        """All for whoever keeps the books of retention in the prefecture's office."""
        return self.all() if viewer.is_prefecture and viewer.may(RETENTION) else self.none()

    def standing(self, kind: str, key: object) -> RetentionHoldQuerySet:
        """The one that holds a thing now, if there is one."""
        return self.filter(kind=kind, key=str(key), lifted_at=None)


class ErasedQuerySet(QuerySet):
    """Lines of what was erased (廃棄簿)."""

    def visible_to(self, viewer: Viewer) -> ErasedQuerySet:
        """Those of things this person might read before: each room says so of the figures that stayed there.

        Whoever keeps the books of retention in the prefecture's office reads all.
        """
        if viewer.user_id is None:
            return self.none()
        if viewer.is_prefecture and viewer.may(RETENTION):
            return self.all()
        scope = Q(pk=None)
        for kind, action, model in OF_REGISTER:
            if viewer.may(action):
                rows = model._default_manager.visible_to(viewer)  # type: ignore[attr-defined]
                scope |= Q(kind=kind, ref__in=rows.order_by().values("pk"))
        return self.filter(scope)


# what is kept by classes: kind, who may open it at all (its row of the matrix), its rows
OF_REGISTER: tuple[tuple[str, Action, type[Model]], ...] = (
    ("application", LIST, Application),
    ("agreement", together.AGREEMENT, Agreement),
    ("vision", together.VISION, Vision),
    ("plan", together.FORWARD_PLAN, ForwardPlan),
)
# what stands in a room of its own: kind in the index, who may open it at all (its row of the matrix), its rows
OF_ROOMS: tuple[tuple[str, Action, type[Model]], ...] = (
    ("project", together.VISION, Project),
    ("agreement", together.AGREEMENT, Agreement),
    ("vision", together.VISION, Vision),
    ("plan", together.FORWARD_PLAN, ForwardPlan),
    ("meeting", together.CONFERENCE, ConferenceMeeting),
    ("call", CALL, Call),
)


class SearchEntryQuerySet(QuerySet):
    """What the search knows; each room says itself which of its things a person may know."""

    def visible_to(self, viewer: Viewer) -> SearchEntryQuerySet:
        """Entries of things whose page this person may open, in the text that its page shows her.

        Towns that take part read what they write on an application; everybody else what was submitted.
        """
        if viewer.user_id is None:
            return self.none()
        scope = Q(kind="municipality") if viewer.may(MASTER) else Q(pk=None)
        if viewer.may(together.REGION):
            scope |= Q(kind="region", key__in=Region.objects.visible_to(viewer).order_by().values("pk"))
        for kind, action, model in OF_ROOMS:
            if viewer.may(action):
                rows = model._default_manager.visible_to(viewer)  # type: ignore[attr-defined]
                scope |= Q(kind=kind, ref__in=rows.order_by().values("pk"))
        return self.filter(scope | self._of_cases(viewer))

    def _of_cases(self, viewer: Viewer) -> Q:
        """Applications with what belongs to them: papers, payments, and what is said about them (庁内限り)."""
        cases = Application.objects.visible_to(viewer).order_by()
        scope = Q(kind="document", ref__in=papers_visible_to(viewer).order_by().values("pk"))
        if viewer.may(LIST):
            layer = Q(layer="all") | (self._written_by(viewer) if viewer.is_municipal else Q(layer="office"))
            scope |= Q(layer, kind="application", ref__in=cases.values("pk"))
        if viewer.may(PAYMENT) and not viewer.is_municipal:
            scope |= Q(kind="payment", ref__in=cases.values("pk"))
        if viewer.may(NOTE) and viewer.sees_internal:
            scope |= Q(kind="note", ref__in=cases.values("pk"))
        return scope

    def _written_by(self, viewer: Viewer) -> Q:
        parts = Participant.objects.filter(municipality=viewer.office.code).values("application")
        own = Q(ref__in=parts) | Q(ref__in=Application.objects.filter(lead=viewer.office.code).order_by().values("pk"))
        return Q(own, layer="own") | Q(~own, layer="office")
