"""A conference's members; a meeting's call with its agenda, its attendance, its minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from common.form_fields import DayField
from common.part_forms import Grid, Problem, StepForm
from municipalities.models import Municipality

from ..models import Attendance, ConferenceMeeting, ConferenceMember, NationalZone, OpenPoint
from ..services import (
    AttendanceDraft,
    ItemDraft,
    MeetingDraft,
    MemberDraft,
    MinutesDraft,
    PointDraft,
    ProgressDraft,
)
from .base import Form

MORE = 5  # empty rows of a grid when more were asked for


class TimeField(forms.TimeField):
    """A time of the day, typed as 13:30 or 13時30分."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "text", "size": 6}))
        kwargs.setdefault("input_formats", ["%H:%M", "%H時%M分", "%H時", "%H：%M"])
        kwargs.setdefault("error_messages", {"invalid": "時刻として読み取れません（例：13:30）。"})
        super().__init__(**kwargs)


class _Row(Form):
    """A row of a grid about something that may be there already (`pk`) and may be moved (`order`)."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = forms.IntegerField(
        label="順",
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs={"class": "num", "size": 3}),
    )


def _in_order(grid: Grid) -> list[dict[str, Any]]:
    """The rows by the order that was typed; those without one keep their place at the end."""
    rows = list(enumerate(grid.cleaned))
    return [row for _, row in sorted(rows, key=lambda pair: (pair[1]["order"] or 1000, pair[0]))]


class MemberRow(_Row):
    """One member of the conference."""

    kind = forms.ChoiceField(label="区分", choices=ConferenceMember.Kind.choices, required=False)
    municipality = forms.ChoiceField(label="市町村", required=False)
    name = forms.CharField(label="部局・団体の名称", max_length=80, required=False)
    post = forms.CharField(label="職名", max_length=60, required=False)
    valid_from = DayField(label="いつから", required=False)
    valid_to = DayField(label="いつまで", required=False)

    def __init__(self, *args: Any, towns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "選択"), *ConferenceMember.Kind.choices]
        self.fields["municipality"].choices = [("", "－"), *towns]
        for name, size in (("name", 18), ("post", 12), ("valid_from", 14), ("valid_to", 14)):
            self.fields[name].widget.attrs["size"] = size

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        typed["kind"] = typed.get("kind") or ("town" if typed.get("municipality") else "")
        if not typed["kind"]:
            self.add_error("kind", "区分を選んでください。")
        if not typed.get("valid_from") and "valid_from" not in self.errors:
            self.add_error("valid_from", "いつからの構成員かを入力してください。")
        return typed


class MembersStep(StepForm):
    """The list of members of a conference."""

    grids = ("members",)

    def __init__(self, bureau: str, prefecture: str, on: Any, data: QueryDict | None = None, *, more: str = "") -> None:
        towns = Municipality.objects.existing(on).filter(prefecture=prefecture).order_by("code")
        rows = [
            {
                "pk": row.pk,
                "order": row.order,
                "kind": row.kind,
                "municipality": row.municipality_id or "",
                "name": "" if row.municipality_id else row.name,
                "post": row.post,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
            }
            for row in ConferenceMember.objects.of(bureau)
        ]
        self.members = Grid(
            "members",
            "構成員",
            MemberRow,
            data=data,
            initial=rows,
            blank=MORE if more else 2,
            towns=[(town.code, town.name) for town in towns],
        )

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.members,)

    @property
    def drafts(self) -> list[MemberDraft]:
        """What was typed, for the service."""
        return [
            MemberDraft(**{name: row[name] for name in ("pk", "kind", "municipality", "name", "post")},
                        valid_from=row["valid_from"], valid_to=row["valid_to"])
            for row in _in_order(self.members)
        ]  # fmt: skip


class CallForm(Form):
    """When, where and how a meeting is held."""

    title = forms.CharField(label="会議の名称", max_length=120)
    planned_on = DayField(label="開催予定日", help_text="例：令和8年10月20日")
    starts_at = TimeField(label="開始", required=False, help_text="例：13:30")
    ends_at = TimeField(label="終了", required=False)
    mode = forms.ChoiceField(label="開催の方法", choices=ConferenceMeeting.Mode.choices)
    place = forms.CharField(
        label="場所", max_length=80, required=False, help_text="例：空知総合振興局 2階会議室、Web会議の名称"
    )
    chair = forms.CharField(label="座長", max_length=60, required=False, help_text="例：振興局長")
    equivalent_zone = forms.ChoiceField(
        label="同等とみなす懇談会",
        required=False,
        help_text="国の圏域のビジョン懇談会を代わりとする場合だけ選びます。",
    )

    def __init__(self, *args: Any, prefecture: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = NationalZone.objects.filter(prefecture=prefecture, ended_on=None)
        self.fields["equivalent_zone"].choices = [("", "なし"), *((zone.code, zone.name) for zone in zones)]


class ItemRow(_Row):
    """One item of the agenda; a row without a title is taken out."""

    title = forms.CharField(label="議題", max_length=160, required=False)
    presenter = forms.CharField(label="説明者", max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presenter"].widget.attrs["size"] = 24

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("presenter") and not typed.get("title"):
            self.add_error("title", "議題を入力してください。")
        return typed


class MeetingStep(StepForm):
    """The call of a meeting with its agenda."""

    grids = ("items",)

    def __init__(
        self,
        prefecture: str,
        meeting: ConferenceMeeting | None,
        data: QueryDict | None = None,
        *,
        first: dict[str, Any] | None = None,
        more: str = "",
    ) -> None:
        initial = first or {}
        rows: list[dict[str, Any]] = []
        if meeting is not None:
            names = ("title", "planned_on", "starts_at", "ends_at", "mode", "place", "chair")
            initial = {name: getattr(meeting, name) for name in names}
            initial["equivalent_zone"] = meeting.equivalent_zone_id or ""
            rows = [
                {"pk": item.pk, "order": item.number, "title": item.title, "presenter": item.presenter}
                for item in meeting.items.all()
            ]
        self.call = CallForm(data, prefecture=prefecture, initial=initial)
        self.items = Grid(
            "items", "議題", ItemRow, data=data, initial=rows, blank=MORE if more or meeting is None else 2
        )

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.call, self.items)

    @property
    def draft(self) -> MeetingDraft:
        """What was typed, for the service."""
        items = tuple(
            ItemDraft(row["title"], row["presenter"], row["pk"]) for row in _in_order(self.items) if row["title"]
        )
        return MeetingDraft(items=items, **self.call.cleaned_data)


class PaperForm(Form):
    """A paper for an item of the agenda."""

    item = forms.ChoiceField(label="議題")
    label = forms.CharField(label="資料の名前", max_length=100, help_text="例：前進プラン（案）")
    upload = forms.FileField(label="ファイル", help_text="PDF・Excel・Word など")

    def __init__(self, *args: Any, meeting: ConferenceMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(str(item.pk), f"{item.number}　{item.title}") for item in meeting.items.all()]


class AttendanceForm(Form):
    """How each member takes part (`state_<id>`) and who comes (`person_<id>`)."""

    note = forms.CharField(
        label="構成員のほかの出席者", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="1行に1人"
    )

    def __init__(self, *args: Any, members: list[ConferenceMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            self.fields[f"state_{member.pk}"] = forms.ChoiceField(
                label=f"{member.name}の出欠", choices=Attendance.State.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[f"person_{member.pk}"] = forms.CharField(
                label=f"{member.name}から出席した方", max_length=80, required=False,
                widget=forms.TextInput(attrs={"size": 26}),
            )  # fmt: skip

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each member with its two fields, for the page."""
        for member in self.members:
            yield {"member": member, "state": self[f"state_{member.pk}"], "person": self[f"person_{member.pk}"]}


class AttendanceStep(StepForm):
    """The attendance of a meeting. `everyone` sets all members who have nothing yet to 出席."""

    def __init__(
        self,
        meeting: ConferenceMeeting,
        members: list[ConferenceMember],
        data: QueryDict | None = None,
    ) -> None:
        initial: dict[str, Any] = {"note": meeting.attendance_note}
        for row in meeting.attendances.all():
            initial |= {f"state_{row.member_id}": row.state, f"person_{row.member_id}": row.person}
        self.table = AttendanceForm(data, members=members, initial=initial)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.table,)

    @property
    def drafts(self) -> dict[int, AttendanceDraft]:
        """What was typed, by the member's id."""
        typed = self.table.cleaned_data
        return {
            member.pk: AttendanceDraft(typed[f"state_{member.pk}"], typed[f"person_{member.pk}"])
            for member in self.table.members
        }


class HeldForm(Form):
    """When the meeting was held and who led and recorded it."""

    held_on = DayField(label="開催日")
    chair = forms.CharField(label="座長", max_length=60, required=False)
    recorder = forms.CharField(label="記録した者", max_length=60, required=False)


class SaidForm(Form):
    """What was said about each item of the agenda (`item_<id>`)."""

    def __init__(self, *args: Any, meeting: ConferenceMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in meeting.items.all():
            self.fields[f"item_{item.pk}"] = forms.CharField(
                label=f"{item.number}　{item.title}", required=False, widget=forms.Textarea(attrs={"rows": 4})
            )


class CarriedForm(Form):
    """What the meeting said about each carried point (`note_<id>`), and whether it is done (`closed_<id>`)."""

    def __init__(self, *args: Any, points: list[OpenPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            self.fields[f"note_{point.pk}"] = forms.CharField(
                label=f"論点{point.number}のこの会議での扱い", max_length=400, required=False,
                widget=forms.TextInput(attrs={"size": 50}),
            )  # fmt: skip
            self.fields[f"closed_{point.pk}"] = forms.BooleanField(
                label=f"論点{point.number}を完了とする", required=False
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each carried point with its two fields, for the page."""
        for point in self.points:
            yield {"point": point, "note": self[f"note_{point.pk}"], "closed": self[f"closed_{point.pk}"]}


class OutcomeForm(Form):
    """Why a meeting decided nothing and left nothing open."""

    without_outcome = forms.CharField(
        label="決定事項も論点もない理由", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="決定事項か論点があれば、入力は要りません。",
    )  # fmt: skip


class DecisionRow(Form):
    """One decision."""

    text = forms.CharField(label="決定事項", max_length=400, required=False)


class PointRow(Form):
    """One point left open; a row without a text is taken out."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="論点", max_length=400, required=False)
    owner = forms.CharField(label="担当", max_length=80, required=False, widget=forms.TextInput(attrs={"size": 18}))
    due_on = DayField(label="いつまで", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if (typed.get("owner") or typed.get("due_on")) and not typed.get("text"):
            self.add_error("text", "論点の内容を入力してください。")
        return typed


class MinutesStep(StepForm):
    """The minutes of a meeting: what was said, decided, left open, and what became of earlier points."""

    grids = ("decisions", "points")

    def __init__(self, meeting: ConferenceMeeting, data: QueryDict | None = None, *, more: str = "") -> None:
        self.held = HeldForm(
            data, initial={"held_on": meeting.day, "chair": meeting.chair, "recorder": meeting.recorder}
        )
        self.said = SaidForm(
            data, meeting=meeting, initial={f"item_{item.pk}": item.minutes for item in meeting.items.all()}
        )
        points = list(OpenPoint.objects.carried_into(meeting).select_related("raised_at"))
        notes: dict[str, Any] = {}
        for row in meeting.points_taken_up.all():
            notes |= {f"note_{row.point_id}": row.note, f"closed_{row.point_id}": row.closed}
        self.carried = CarriedForm(data, points=points, initial=notes)
        decided = [{"text": row.text} for row in meeting.decisions.all()]
        self.decisions = Grid(
            "decisions", "決定事項", DecisionRow, data=data, initial=decided, blank=MORE if more == "decisions" else 2
        )
        raised = [
            {"pk": row.pk, "text": row.text, "owner": row.owner, "due_on": row.due_on}
            for row in meeting.points_raised.all()
        ]
        self.points = Grid(
            "points", "継続する論点", PointRow, data=data, initial=raised, blank=MORE if more == "points" else 2
        )
        self.outcome = OutcomeForm(data, initial={"without_outcome": meeting.without_outcome})

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.held, self.said, self.carried, self.decisions, self.points, self.outcome)

    def further_problems(self) -> Iterator[Problem]:
        """A point is done only where it is said how."""
        typed = getattr(self.carried, "cleaned_data", {})
        for point in self.carried.points:
            if typed.get(f"closed_{point.pk}") and not typed.get(f"note_{point.pk}"):
                target = self.carried[f"note_{point.pk}"].id_for_label
                yield Problem(f"論点{point.number}：完了とするときは、どう解決したかを入力してください。", target)

    @property
    def draft(self) -> MinutesDraft:
        """What was typed, for the service."""
        said, carried = self.said.cleaned_data, self.carried.cleaned_data
        return MinutesDraft(
            **self.held.cleaned_data,
            items={int(name.removeprefix("item_")): text for name, text in said.items()},
            decisions=tuple(row["text"] for row in self.decisions.cleaned),
            points=tuple(
                PointDraft(row["text"], row["owner"], row["due_on"], row["pk"])
                for row in self.points.cleaned
                if row["text"]
            ),
            carried={
                point.pk: ProgressDraft(carried[f"note_{point.pk}"], carried[f"closed_{point.pk}"])
                for point in self.carried.points
            },
            without_outcome=self.outcome.cleaned_data["without_outcome"],
        )


class CirculateForm(Form):
    """Until when the members may comment on the draft of the minutes."""

    comment_by = DayField(label="意見の期限", help_text="例：令和8年11月10日")
