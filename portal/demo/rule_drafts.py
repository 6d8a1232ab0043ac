"""Two drafts of the successor's rules: one that waits for the decider, one that headquarters is still writing."""

from __future__ import annotations

from datetime import date, timedelta

from common import clock
from common.viewer import Viewer
from subsidies.models import Program
from subsidies.services import publishing, studio
from subsidies.services.examples import ExampleInput, add_example
from subsidies.studio.content import Content, switched

SOURCE = "部内の検討（デモ）"
TOWNS = ("014281", "014273", "014290")


def make_rule_drafts(people: dict[str, Viewer], today: date) -> None:
    """Let headquarters staff write both; the amounts and shares are made up."""
    staff = people["honcho-shinsa"]
    published = Program.objects.get(pk="successor").rulesets.filter(state="published").latest("version")

    def raised(content: Content) -> Content:
        return _with(content, cap_yen=12_000_000, rate_by_year=["10/10", "4/5", "3/5", "1/2"])

    with clock.standing_at(clock.at(today - timedelta(days=6), 10)):
        second = studio.copy_version(viewer=staff, version_id=published.pk)
        second = studio.change(version_id=second.pk, viewer=staff, revision=0, title="数と条件を変更", by=raised)
        second = studio.set_basics(
            version_id=second.pk,
            viewer=staff,
            revision=second.revision,
            from_fy=published.effective_from_fy,
            to_fy=published.effective_to_fy,
            note="上限額と補助率を見直す案（デモ）。",
        )
        add_example(
            version_id=second.pk,
            viewer=staff,
            values=ExampleInput("南空知の3町で申請できる", TOWNS, published.effective_from_fy, "pass"),
        )
    with clock.standing_at(clock.at(today - timedelta(days=2), 15)):
        publishing.propose(version_id=second.pk, viewer=staff, revision=second.revision)
    with clock.standing_at(clock.at(today - timedelta(days=1), 11)):
        third = studio.copy_version(viewer=staff, version_id=second.pk)
        third = studio.change(
            version_id=third.pk,
            viewer=staff,
            revision=0,
            title="数と条件を変更",
            by=lambda content: _with(content, blank_share="2/5"),
        )
        studio.change(
            version_id=third.pk,
            viewer=staff,
            revision=third.revision,
            title="要件N-11を使わないことに",
            by=lambda content: switched(content, "N-11", on=False),
        )


def _with(content: Content, **values: object) -> Content:
    table = {**content["parameters"]}
    for name, value in values.items():
        table[name] = {"value": value, "source": SOURCE}
    return {**content, "parameters": table}
