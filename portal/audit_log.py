"""The audit events as pages show them: who reads which, and how they are found."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse

from common import clock
from common.models import AuditEvent
from common.viewer import Duty, Viewer
from subsidies.duties import LIST
from subsidies.models import Application

SUBJECTS = {
    "subsidies.application": "申請",
    "subsidies.package": "まとめた書類",
    "subsidies.call": "募集",
    "subsidies.delegation": "代理入力の委任",
    "subsidies.program": "制度",
    "regions.region": "連携地域",
    "regions.agreement": "協定",
    "regions.vision": "ビジョン",
    "regions.forwardplan": "前進プラン",
    "list": "一覧",
    "common.sheetimport": "データの取込",
    "accounts.user": "利用者",
    "accounts.session": "サインイン",
}


def events_visible_to(viewer: Viewer) -> QuerySet[AuditEvent]:
    """Auditors and headquarters read all events, a bureau its own, the system administrator none that is 庁内限り."""
    if viewer.has(Duty.AU, Duty.HS, Duty.HM):
        return AuditEvent.objects.all()
    if viewer.has(Duty.BM):
        return AuditEvent.objects.filter(office_key=viewer.office.key)
    if viewer.has(Duty.AD):
        return AuditEvent.objects.filter(internal=False)
    return AuditEvent.objects.none()


def find(events: QuerySet[AuditEvent], words: str, since: date | None, until: date | None) -> QuerySet[AuditEvent]:
    """Narrow to events about these words (a person, an act, an application's number) in these days, both inclusive."""
    if words:
        numbered = Application.objects.filter(Q(number=words) | Q(receipt_number=words)).values_list("pk", flat=True)
        about = Q(subject_type="subsidies.application", subject_id__in=[str(pk) for pk in numbered])
        events = events.filter(Q(who__icontains=words) | Q(title__icontains=words) | about)
    if since:
        events = events.filter(at__gte=clock.at(since, 0))
    if until:
        events = events.filter(at__lt=clock.at(until + timedelta(days=1), 0))
    return events.order_by("-id")


def subject_of(event: AuditEvent, viewer: Viewer) -> tuple[str, str]:
    """Return what an event is about in words, and the page of it where there is one that the viewer may open."""
    kind = SUBJECTS.get(event.subject_type, event.subject_type)
    if event.subject_type == "subsidies.application" and viewer.may(LIST):
        return f"{kind} {event.subject_id}", reverse("subsidies:application_detail", args=[event.subject_id])
    own = event.office_key == viewer.office.key and viewer.has(Duty.HS, Duty.HM, Duty.AD, Duty.BM)
    if event.subject_type == "common.sheetimport" and (own or viewer.has(Duty.AU)):
        return f"{kind} {event.subject_id}", reverse("portal:import_detail", args=[event.subject_id])
    return f"{kind} {event.subject_id}".strip(), ""


def changes_of(event: AuditEvent) -> list[tuple[str, object, object]]:
    """Return what changed: name, value before and after (None where it was not there)."""
    names = dict.fromkeys([*event.before, *event.after])
    return [(name, event.before.get(name), event.after.get(name)) for name in names]
