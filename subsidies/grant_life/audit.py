"""The line of time of a granted application, for those who audit it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.viewer import Viewer

from ..duties import AUDIT
from ..models import Application, Package
from .registry import Place, Topic, topics


@topics(Place.AUDIT)
def audit_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """監査: everything on one line of time, and the package."""
    if viewer.may(AUDIT):
        made = application.packages.filter(kind=Package.Kind.AUDIT, state=Package.State.MADE).count()
        standing = f"監査パッケージ {made}件" if made else "経過の一覧と監査パッケージ"
        yield Topic("監査", reverse("subsidies:case_audit", args=[application.pk]), standing)
