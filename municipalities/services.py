"""What a municipality says of itself: who acts for its mayor (職務代理者)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.viewer import Access, Viewer

from .duties import PROFILE
from .models import ActingHead, Municipality

ENTERS = "長の職務代理者は、その市町村の承認者が登録します。"


@transaction.atomic
def enter_acting_head(
    *, code: str, title: str, reason: str, from_on: date, to_on: date | None, viewer: Viewer
) -> ActingHead:
    """Write down which office acts for the mayor from a day to a day (open without `to_on`).

    Papers issued from then on name it; those that were issued keep what they say. Raises PermissionDenied and Refused:
    an end before the start, days on which somebody acts already.
    """
    town = _own(code, viewer)
    if to_on is not None and to_on < from_on:
        raise Refused("終了日は開始日以後の日にしてください。")
    standing = [row for row in town.acting_heads.all() if _overlap(row, from_on, to_on)]
    if standing:
        row = standing[0]
        until = wareki(row.to_on) if row.to_on else ""
        raise Refused(
            f"{wareki(row.from_on)}から{until}の{row.title}の登録と重なっています。先にその終了日を登録してください。"
        )
    made = ActingHead.objects.create(
        municipality=town, title=title.strip(), reason=reason, from_on=from_on, to_on=to_on, entered_who=viewer.label,
        entered_at=clock.now(),
    )  # fmt: skip
    audit.record(viewer, "municipality.acting_head", town, f"長の職務代理者：{made.title}", after=_facts(made))
    return made


@transaction.atomic
def end_acting_head(*, code: str, to_on: date, viewer: Viewer) -> ActingHead:
    """Write down the last day of who acts now. Raises PermissionDenied, Refused (nobody acts, before the start)."""
    town = _own(code, viewer)
    row = acting_now(town)
    if row is None:
        raise Refused("いま登録されている職務代理者はありません。")
    if to_on < row.from_on:
        raise Refused("終了日は開始日以後の日にしてください。")
    if any(other.pk != row.pk and _overlap(other, row.from_on, to_on) for other in town.acting_heads.all()):
        raise Refused("ほかの職務代理者の登録と重なっています。")
    before, row.to_on = _facts(row), to_on
    row.save(update_fields=["to_on"])
    audit.record(
        viewer, "municipality.acting_head", town, f"長の職務代理の終了：{row.title}", before=before, after=_facts(row)
    )
    return row


def acting_now(town: Municipality) -> ActingHead | None:
    """Who acts for the mayor, or will next, and whose last day is not over."""
    today = clock.today()
    rows = [row for row in town.acting_heads.all() if row.to_on is None or row.to_on >= today]
    return min(rows, key=lambda row: row.from_on, default=None)


def may_enter(code: str, viewer: Viewer) -> bool:
    """Whether the viewer approves in the name of this municipality."""
    return viewer.is_municipal and viewer.office.code == code and viewer.may(PROFILE, Access.SUBMIT)


def _own(code: str, viewer: Viewer) -> Municipality:
    """The municipality, locked. Raises PermissionDenied for anybody but its own approver."""
    if not may_enter(code, viewer):
        require(viewer, PROFILE, Access.SUBMIT)
        raise PermissionDenied(ENTERS)
    town: Municipality = locking(Municipality.objects).get(pk=code)
    return town


def _overlap(row: ActingHead, from_on: date, to_on: date | None) -> bool:
    return row.from_on <= (to_on or date.max) and from_on <= (row.to_on or date.max)


def _facts(row: ActingHead) -> dict[str, object]:
    return {"title": row.title, "reason": row.reason, "from_on": row.from_on, "to_on": row.to_on}
