"""Field officers' initiatives go from one person to another when staff change posts (`settings.PERSONAL_WORK`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from common import audit
from common.errors import Refused
from common.viewer import Viewer

from ..models import ApplicationProject
from ..ties import BINDING


def open_work(user_ids: Collection[int], municipality_code: str) -> dict[int, list[str]]:
    """Return, for each person, the initiatives given to her in open applications of the municipality. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = _open(municipality_code).filter(assignees__in=list(user_ids)).order_by("application", "order")
    for user, number, name in rows.values_list("assignees", "application__number", "project__name"):
        found[user].append(f"取組「{name}」（申請{number or '（番号前）'}）")
    return dict(found)


def move_work(from_user: int, to_user: int, municipality_code: str, *, viewer: Viewer) -> list[int]:
    """Give them all to another person, in the caller's transaction; return the ids of what moved."""
    items = list(_open(municipality_code).filter(assignees=from_user).select_related("application", "project"))
    for item in items:
        item.assignees.remove(from_user)
        item.assignees.add(to_user)
        audit.record(
            viewer,
            "application.assign",
            item.application,
            f"取組「{item.project.name}」の事業担当を引継ぎ",
            before={"users": [from_user]},
            after={"users": [to_user]},
        )
    return [item.pk for item in items]


def move_back(moved: Collection[int], from_user: int, to_user: int, *, viewer: Viewer) -> None:
    """Give back what moved. Raises Refused where a planner has given it to somebody else since."""
    items = ApplicationProject.objects.filter(pk__in=moved).select_related("application", "project")
    for item in items.prefetch_related("assignees"):
        if to_user not in {user.pk for user in item.assignees.all()}:
            raise Refused(f"取組「{item.project.name}」の事業担当は、引継ぎの後に変わっています。")
        item.assignees.remove(to_user)
        item.assignees.add(from_user)
        audit.record(
            viewer,
            "application.assign",
            item.application,
            f"取組「{item.project.name}」の事業担当の引継ぎを取消",
            before={"users": [to_user]},
            after={"users": [from_user]},
        )


def _open(municipality_code: str) -> QuerySet[ApplicationProject]:
    return ApplicationProject.objects.filter(
        application__state__in=BINDING, application__parts__municipality=municipality_code
    )
