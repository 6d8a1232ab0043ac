"""Binding money: exactly once, never over the allotment, whoever asks at the same time."""

from __future__ import annotations

from django.db import transaction

from common import clock
from common.errors import Refused
from common.locks import locking
from common.viewer import Viewer
from common.yen import show_yen

from ..models import Application, BudgetEntry, CallAllotment


@transaction.atomic
def commit(application: Application, viewer: Viewer, amount_yen: int) -> BudgetEntry:
    """Bind the amount to the application, with the allotment's row locked. Raises Refused when it does not fit."""
    return _bind(application, viewer, BudgetEntry.Kind.COMMIT, amount_yen, "交付決定額")


@transaction.atomic
def commit_more(application: Application, viewer: Viewer, amount_yen: int) -> BudgetEntry:
    """Bind what a change adds to the grant (T22), under the same lock. Raises Refused when it does not fit."""
    return _bind(application, viewer, BudgetEntry.Kind.INCREASE, amount_yen, "増額")


def _bind(application: Application, viewer: Viewer, kind: BudgetEntry.Kind, amount_yen: int, word: str) -> BudgetEntry:
    allotment = _locked_allotment(application)
    if amount_yen > allotment.left_yen:
        raise Refused(
            f"配当の残額は{show_yen(allotment.left_yen)}円です。{word}{show_yen(amount_yen)}円には"
            f"{show_yen(amount_yen - allotment.left_yen)}円足りません。"
        )
    return _enter(allotment, application, viewer, kind, amount_yen)


@transaction.atomic
def release(application: Application, viewer: Viewer, amount_yen: int) -> BudgetEntry:
    """Give back money that was bound to the application."""
    return _enter(_locked_allotment(application), application, viewer, BudgetEntry.Kind.RELEASE, -amount_yen)


def _locked_allotment(application: Application) -> CallAllotment:
    allotment = (
        locking(CallAllotment.objects).filter(call=application.call_id, bureau=application.lead_bureau_id).first()
    )
    if allotment is None:
        raise Refused("この募集には主管振興局への配当が登録されていません。")
    return allotment


def _enter(
    allotment: CallAllotment, application: Application, viewer: Viewer, kind: BudgetEntry.Kind, amount_yen: int
) -> BudgetEntry:
    entry = BudgetEntry.objects.create(
        allotment=allotment,
        application=application,
        kind=kind,
        amount_yen=amount_yen,
        fiscal_year=application.fiscal_year,
        at=clock.now(),
        by_id=viewer.user_id,
    )
    allotment.committed_yen += amount_yen
    allotment.save(update_fields=["committed_yen"])
    return entry
