"""Named questions about tasks, notices and files."""

from __future__ import annotations

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from .viewer import Duty, Viewer


class TaskQuerySet(QuerySet):
    """Long work: who may follow it, and what a worker takes next."""

    def visible_to(self, viewer: Viewer) -> TaskQuerySet:
        """Tasks this person started herself; a task has no territory."""
        return self.filter(created_by_id=viewer.user_id) if viewer.user_id else self.none()

    def due(self) -> TaskQuerySet:
        """Tasks a worker may take: waiting and due, or held by a worker whose lease ran out; oldest first."""
        waiting = Q(state__in=["queued", "failed"], run_after__lte=Now())
        abandoned = Q(state="running", lease_until__lt=Now())
        return self.filter(waiting | abandoned).order_by("run_after", "id")

    def unfinished(self) -> TaskQuerySet:
        """Tasks that still wait, run, or will be tried again."""
        return self.filter(state__in=["queued", "running", "failed"])


class StoredFileQuerySet(QuerySet):
    """Uploaded files; whether their subject may be seen was decided before, by the subject's own `visible_to`."""

    def of(self, subject: Model) -> StoredFileQuerySet:
        """Files of a subject that were not taken out again."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk), removed_at=None)

    def visible_to(self, viewer: Viewer) -> StoredFileQuerySet:
        """Files of a visible subject without those marked 庁内限り, unless the viewer may see these."""
        return self.all() if viewer.sees_internal else self.filter(internal=False)


class NoticeQuerySet(QuerySet):
    """Notices: an office and its duties are the address."""

    def visible_to(self, viewer: Viewer) -> NoticeQuerySet:
        """Notices to this office that name no duty or one of the duties this person holds there."""
        addressed = Q(duties="")
        for duty in viewer.duties:
            addressed |= Q(duties__contains=duty.value)
        return self.filter(addressed, office_key=viewer.office.key)

    def with_read(self, viewer: Viewer) -> NoticeQuerySet:
        """Adds `read`: whether this person has seen the notice."""
        from .models import NoticeRead

        return self.annotate(read=Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), user=viewer.user_id)))


class SheetImportQuerySet(QuerySet):
    """Imports: the work of an office; headquarters, audit and the administrator follow all of it."""

    def visible_to(self, viewer: Viewer) -> SheetImportQuerySet:
        """Imports of the viewer's own office; a field department sees its own; auditors see all.

        HS, HM and AD see those of every office but for sheets about one thing (`parameters`), such as the cost lines of
        an application that the towns have not submitted.
        """
        if viewer.has(Duty.AU):
            return self.all()
        if viewer.has(Duty.HS, Duty.HM, Duty.AD):
            return self.filter(Q(office_key=viewer.office.key) | Q(parameters={}))
        if viewer.user_id is None or not viewer.has(Duty.MP, Duty.MA, Duty.MF, Duty.BS, Duty.BM):
            return self.none()
        own = self.filter(office_key=viewer.office.key)
        return own.filter(created_by_id=viewer.user_id) if viewer.duties == {Duty.MF} else own


class SheetMappingQuerySet(QuerySet):
    """Saved readings of foreign columns."""

    def visible_to(self, viewer: Viewer) -> SheetMappingQuerySet:
        """Those of the viewer's own office."""
        return self.filter(office_key=viewer.office.key) if viewer.user_id else self.none()
