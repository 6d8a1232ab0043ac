"""Simulating the distribution of a round and adopting one (row 10): staff prepare, the decider adopts."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from common import audit, clock
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Viewer

from ..budget_round import Round, round_of
from ..distribution import Method
from ..duties import BUDGET
from ..models import Application, BudgetSimulation, Call, SimulationLine
from ..simulating import changes_since, unexplained, violations

PREPARES = "配分案は、本庁 審査担当が作ります。"
ADOPTS = "配分案の採用は、本庁 決裁者が行います。"
CHANGED = "ほかの人がこの配分案を変更しました。最新の内容を確かめてください。"


@transaction.atomic
def simulate(
    *, call_id: int, viewer: Viewer, name: str, method: Method, partial: bool = True, note: str = ""
) -> BudgetSimulation:
    """Make a simulation of the round as it stands now, computed by the method."""
    _may_prepare(viewer)
    call = _call(call_id, viewer)
    return _made(call, viewer, name, method, partial, note, {}, {})


@transaction.atomic
def copy(*, simulation_id: int, viewer: Viewer, name: str) -> BudgetSimulation:
    """Make a new simulation with the amounts and reasons of another one; what changed in the round is taken over."""
    _may_prepare(viewer)
    source = BudgetSimulation.objects.visible_to(viewer).get(pk=simulation_id)
    lines = list(source.lines.all())
    amounts = {line.application_id: line.amount_yen for line in lines}
    reasons = {line.application_id: line.reason for line in lines}
    return _made(source.call, viewer, name, Method(source.method), source.partial, source.note, amounts, reasons)


def _made(
    call: Call,
    viewer: Viewer,
    name: str,
    method: Method,
    partial: bool,
    note: str,
    amounts: Mapping[int, int],
    reasons: Mapping[int, str],
) -> BudgetSimulation:
    if call.state in (Call.State.PREPARING, Call.State.COMPLETED):
        raise Refused(f"「{call.get_state_display()}」の募集では配分案を作れません。")
    found = round_of(call)
    if not found.entries:
        raise Refused("配分を待つ申請がありません。提出された申請があると配分案を作れます。")
    now = clock.now()
    simulation = BudgetSimulation.objects.create(
        call=call,
        name=_free_name(call, name),
        note=note.strip(),
        method=method.value,
        partial=partial,
        created_at=now,
        created_by_id=viewer.person,
        created_who=viewer.label,
        updated_at=now,
    )
    simulation.authors.add(viewer.person)
    computed = found.amounts(method, partial=partial)
    _write_lines(simulation, found, computed, computed | dict(amounts), reasons)
    audit.record(
        viewer,
        "simulation.create",
        simulation,
        f"配分案「{simulation.name}」を作成",
        after={"method": method.value, "amounts": _amounts(simulation)},
        internal=True,
    )
    return simulation


@transaction.atomic
def save_lines(
    *,
    simulation_id: int,
    viewer: Viewer,
    revision: int,
    amounts: Mapping[int, int],
    reasons: Mapping[int, str],
) -> BudgetSimulation:
    """Write amounts (whole yen) and reasons by application; those left out keep what they have.

    What does not hold may be saved: it is shown, and keeps the simulation from being adopted. Raises Conflict when
    somebody saved since `revision`.
    """
    simulation = _open(simulation_id, viewer)
    if simulation.revision != revision:
        raise Conflict(CHANGED)
    changed: dict[str, int] = {}
    before: dict[str, int] = {}
    for line in simulation.lines.all():
        amount = amounts.get(line.application_id, line.amount_yen)
        reason = reasons.get(line.application_id, line.reason).strip()
        if (amount, reason) == (line.amount_yen, line.reason):
            continue
        if amount != line.amount_yen:
            before[str(line.application_id)], changed[str(line.application_id)] = line.amount_yen, amount
            line.by_hand = True
        line.amount_yen, line.reason = amount, reason
        line.save(update_fields=["amount_yen", "reason", "by_hand"])
    _touch(simulation, viewer)
    audit.record(
        viewer,
        "simulation.edit",
        simulation,
        f"配分案「{simulation.name}」を入力",
        before=before,
        after=changed,
        internal=True,
    )
    return simulation


@transaction.atomic
def compute(*, simulation_id: int, viewer: Viewer, method: Method, partial: bool = True) -> BudgetSimulation:
    """Compute all amounts anew on the round as it stands; reasons are kept where a line stays below its request."""
    simulation = _open(simulation_id, viewer)
    found = round_of(simulation.call)
    before = _amounts(simulation)
    reasons = {line.application_id: line.reason for line in simulation.lines.all()}
    computed = found.amounts(method, partial=partial)
    simulation.method, simulation.partial = method.value, partial
    simulation.lines.all().delete()
    _write_lines(simulation, found, computed, computed, reasons)
    _touch(simulation, viewer, "method", "partial")
    audit.record(
        viewer,
        "simulation.compute",
        simulation,
        f"配分案「{simulation.name}」を計算（{method.label}）",
        before=before,
        after={"method": method.value, "amounts": _amounts(simulation)},
        internal=True,
    )
    return simulation


@transaction.atomic
def rename(*, simulation_id: int, viewer: Viewer, name: str, note: str) -> BudgetSimulation:
    """Change the name of a simulation and what is noted on it."""
    simulation = _open(simulation_id, viewer)
    before = {"name": simulation.name, "note": simulation.note}
    simulation.name, simulation.note = _free_name(simulation.call, name, but=simulation.pk), note.strip()
    _touch(simulation, viewer, "name", "note")
    after = {"name": simulation.name, "note": simulation.note}
    audit.record(
        viewer, "simulation.rename", simulation, "配分案の名称を変更", before=before, after=after, internal=True
    )
    return simulation


@transaction.atomic
def discard(*, simulation_id: int, viewer: Viewer) -> BudgetSimulation:
    """Put a simulation away. It stays in the records; its name becomes free."""
    simulation = _open(simulation_id, viewer)
    simulation.state = BudgetSimulation.State.DISCARDED
    _touch(simulation, viewer, "state")
    audit.record(viewer, "simulation.discard", simulation, f"配分案「{simulation.name}」を破棄", internal=True)
    return simulation


@transaction.atomic
def adopt(*, simulation_id: int, viewer: Viewer) -> BudgetSimulation:
    """Adopt a simulation: its amounts become what is proposed for each application (T14, T15 and T17 start from them).

    No application changes its state here. Raises Refused when somebody adopts what she prepared herself, when
    applications or allotments changed since (each is named), when something does not hold, or a reason is missing.
    """
    simulation = BudgetSimulation.objects.visible_to(viewer).get(pk=simulation_id)
    if not viewer.may(BUDGET, Access.SUBMIT):
        raise PermissionDenied(ADOPTS)
    call = locking(Call.objects).select_related("ruleset").get(pk=simulation.call_id)
    simulation = locking(BudgetSimulation.objects).get(pk=simulation_id)
    if simulation.state != BudgetSimulation.State.OPEN:
        raise Refused(f"この配分案は「{simulation.get_state_display()}」です。採用できるのは検討中のものです。")
    if simulation.authors.filter(pk=viewer.person).exists():
        raise Refused("配分案を作った人は採用できません。別の決裁者が採用してください。")
    found = round_of(call, lock=True)
    lines = list(simulation.lines.select_related("application__region"))
    if problems := standing_in_the_way(found, lines):
        raise Refused(*problems)
    now = clock.now()
    call.simulations.filter(state=BudgetSimulation.State.ADOPTED).update(state=BudgetSimulation.State.SUPERSEDED)
    simulation.state = BudgetSimulation.State.ADOPTED
    simulation.adopted_at, simulation.adopted_by_id, simulation.adopted_who = now, viewer.person, viewer.label
    simulation.save(update_fields=["state", "adopted_at", "adopted_by", "adopted_who"])
    audit.record(
        viewer,
        "simulation.adopt",
        simulation,
        f"配分案「{simulation.name}」を採用",
        after={"amounts": _amounts(simulation)},
        internal=True,
    )
    for line in lines:
        _propose(line, viewer, simulation)
    return simulation


def standing_in_the_way(found: Round, lines: list[SimulationLine]) -> list[str]:
    """Everything that keeps the simulation from being adopted now; empty when nothing does."""
    if changed := changes_since(found, lines):
        return [*changed, "「計算し直す」で最新の申請に合わせてから採用してください。"]
    amounts = {line.application_id: line.amount_yen for line in lines}
    return [wrong.text for wrong in (*violations(found, amounts), *unexplained(found, lines))]


def _propose(line: SimulationLine, viewer: Viewer, simulation: BudgetSimulation) -> None:
    application = line.application
    before = application.proposed_yen
    Application.objects.filter(pk=application.pk).update(proposed_yen=line.amount_yen)
    audit.record(
        viewer,
        "application.allocate",
        application,
        f"配分案「{simulation.name}」の採用",
        before={"proposed_yen": before},
        after={"proposed_yen": line.amount_yen, "simulation": simulation.pk},
        reason=line.reason,
        internal=True,
    )


def _may_prepare(viewer: Viewer) -> None:
    if not viewer.may(BUDGET, Access.EDIT):
        raise PermissionDenied(PREPARES)


def _call(call_id: int, viewer: Viewer) -> Call:
    call: Call = Call.objects.visible_to(viewer).select_related("ruleset").get(pk=call_id)
    return call


def _open(simulation_id: int, viewer: Viewer) -> BudgetSimulation:
    """The simulation, locked, for whoever may change it. Raises Refused once it is adopted or discarded."""
    _may_prepare(viewer)
    rows: QuerySet[BudgetSimulation] = BudgetSimulation.objects.visible_to(viewer)
    simulation = locking(rows).get(pk=simulation_id)
    if simulation.state != BudgetSimulation.State.OPEN:
        raise Refused(f"「{simulation.get_state_display()}」の配分案は変えられません。写しを作って変えてください。")
    return simulation


def _free_name(call: Call, name: str, *, but: int | None = None) -> str:
    plain = name.strip()
    if not plain:
        raise Refused("配分案の名称を入力してください。")
    if call.simulations.standing().filter(name=plain).exclude(pk=but).exists():
        raise Refused(f"「{plain}」という配分案がすでにあります。別の名称にしてください。")
    return plain


def _write_lines(
    simulation: BudgetSimulation,
    found: Round,
    computed: Mapping[int, int],
    amounts: Mapping[int, int],
    reasons: Mapping[int, str],
) -> None:
    SimulationLine.objects.bulk_create(
        SimulationLine(
            simulation=simulation,
            application=entry.application,
            phase=entry.application.phase,
            requested_yen=entry.requested_yen,
            most_yen=entry.most_yen,
            amount_yen=amounts[entry.pk],
            by_hand=amounts[entry.pk] != computed[entry.pk],
            reason=reasons.get(entry.pk, "") if amounts[entry.pk] < entry.requested_yen else "",
        )
        for entry in found.entries
    )


def _amounts(simulation: BudgetSimulation) -> dict[str, int]:
    return {str(pk): yen for pk, yen in simulation.lines.order_by().values_list("application", "amount_yen")}


def _touch(simulation: BudgetSimulation, viewer: Viewer, *fields: str) -> None:
    simulation.revision += 1
    simulation.updated_at = clock.now()
    simulation.save(update_fields=["revision", "updated_at", *fields])
    simulation.authors.add(viewer.person)
