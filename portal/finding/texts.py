"""What of each kind of thing can be found: its numbers and names, its words, its amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects

from common.fiscal_year import FiscalYear, wareki
from common.models import DocumentIssue
from common.yen import show_yen
from municipalities.models import Municipality
from regions.models import Agreement, ConferenceMeeting, ForwardPlan, Project, Region, RegionMembership, Vision
from subsidies.models import Application, Call, InternalNote, Opinion, Payment, Snapshot
from subsidies.papers_access import SUBJECT, bare_name
from subsidies.rows import ROWS
from subsidies.snapshots import content_of
from subsidies.states import BEFORE_SUBMISSION, State

from ..models import SearchEntry

Layer = SearchEntry.Layer
ELSEWHERE = 10**7


@dataclass(frozen=True)
class Text:
    """What the index keeps of one thing. `names` are what it is called or numbered, `lines` its words.

    `ref` is the id by which it is known whether a person may see it: its own, or that of the application it belongs to.
    """

    key: str
    title: str
    note: str
    names: Sequence[str]
    lines: Sequence[str] = ()
    amounts: Sequence[tuple[str, int]] = ()  # (申請額, whole yen)
    ref: int | None = None
    order: int = 0
    layer: str = Layer.ALL
    links: Sequence[str] = field(default=(), repr=False)  # words that are found but stand on no line of their own


Reader = Callable[[Sequence[str]], Iterable[Text]]


def years(first: int, last: int | None = None) -> str:
    """令和6年度 R6年度 2024年度, for each year from the first to the last."""
    return "　".join(
        f"{FiscalYear(year).wareki} {FiscalYear(year).short}年度 {year}年度"
        for year in range(first, (last if last is not None else first) + 1)
    )


def municipalities(codes: Sequence[str]) -> Iterator[Text]:
    """Towns by name, reading and code; those that ended name their successor. The northern villages have no page."""
    rows = Municipality.objects.filter(pk__in=codes, northern_territory=False)
    for town in rows.select_related("prefecture", "successor"):
        ended = f"　{wareki(town.valid_to)}まで" if town.valid_to else ""
        after = f"　現在は{town.successor.name}" if town.successor else ""
        elsewhere = 0 if town.prefecture_id == settings.PREFECTURE_CODE else ELSEWHERE
        yield Text(
            key=town.pk,
            title=town.name,
            note=f"{town.prefecture.name}　{town.code}{ended}{after}",
            names=(town.name, town.kana, town.code),
            lines=(f"{town.district}{town.name}",) if town.district else (),
            order=elsewhere + int(town.code),
        )


def regions(codes: Sequence[str]) -> Iterator[Text]:
    """Regions by code, by every name they ever bore, and by those who are or were members."""
    members = RegionMembership.objects.select_related("municipality").order_by("left_on", "municipality")
    rows = Region.objects.filter(pk__in=codes).select_related("lead_bureau")
    for region in rows.prefetch_related("names", Prefetch("memberships", members)):
        former = [row.name for row in region.names.all() if row.name != region.name]
        towns = list(dict.fromkeys(row.municipality for row in region.memberships.all()))
        yield Text(
            key=region.pk,
            title=region.name,
            note=f"{region.code}　{region.get_state_display()}　{region.lead_bureau.name}",
            names=(region.name, region.code, *former),
            lines=(
                *(f"旧名称　{name}" for name in former),
                f"構成市町村　{'、'.join(town.name for town in towns)}",
                region.get_state_display(),
            ),
            links=[f"{town.kana} {town.code}" for town in towns],
        )


def projects(keys: Sequence[str]) -> Iterator[Text]:
    """Initiatives by every name they bore, with their outline."""
    rows = Project.objects.filter(pk__in=keys).select_related("region", "main_field").prefetch_related("names")
    for project in rows:
        former = [row.name for row in project.names.all() if row.name != project.name]
        yield Text(
            key=str(project.pk),
            ref=project.pk,
            order=-project.pk,
            title=project.name,
            note=f"{project.region.name}　{project.get_state_display()}",
            names=(project.name, *former),
            lines=(
                *(f"旧名称　{name}" for name in former),
                project.outline,
                project.main_field.name if project.main_field else "",
                project.region.name,
            ),
        )


def agreements(keys: Sequence[str]) -> Iterator[Text]:
    """Agreements with their articles and the initiatives they name."""
    rows = Agreement.objects.filter(pk__in=keys).select_related("region")
    for agreement in rows.prefetch_related("articles", "initiatives"):
        signed = wareki(agreement.signed_on)
        yield Text(
            key=str(agreement.pk),
            ref=agreement.pk,
            order=-agreement.pk,
            title=f"{agreement.title}　第{agreement.version}版",
            note="　".join(filter(None, (agreement.region.name, agreement.get_state_display(), signed))),
            names=(agreement.title, agreement.region.name),
            lines=(
                *(f"{article.heading}　{article.text}" for article in agreement.articles.all()),
                *(f"{row.name}　{row.outline}" for row in agreement.initiatives.all()),
            ),
        )


def visions(keys: Sequence[str]) -> Iterator[Text]:
    """Visions with the future they draw and the initiatives that lead there."""
    rows = Vision.objects.filter(pk__in=keys).select_related("region")
    for vision in rows.prefetch_related("items__project"):
        yield Text(
            key=str(vision.pk),
            ref=vision.pk,
            order=-vision.pk,
            title=f"{vision.title}　第{vision.version}版",
            note=f"{vision.region.name}　{vision.get_state_display()}",
            names=(vision.title, vision.region.name),
            lines=(
                *vision.future_image.splitlines(),
                *vision.issues.splitlines(),
                *vision.aims.splitlines(),
                *(f"{item.project.name}　{item.outline}" for item in vision.items.all()),
            ),
            links=[years(vision.term_from_fy, vision.term_to_fy)],
        )


def plans(keys: Sequence[str]) -> Iterator[Text]:
    """Forward plans with their direction and initiatives."""
    rows = ForwardPlan.objects.filter(pk__in=keys).select_related("bureau").prefetch_related("initiatives")
    for plan in rows:
        yield Text(
            key=str(plan.pk),
            ref=plan.pk,
            order=-plan.pk,
            title=f"{plan.title}　第{plan.version}版",
            note=f"{plan.bureau.name}　{plan.get_state_display()}",
            names=(plan.title, plan.bureau.name),
            lines=(*plan.direction.splitlines(), *(row.name for row in plan.initiatives.all())),
            links=[years(plan.term_from_fy, plan.term_to_fy)],
        )


def meetings(keys: Sequence[str]) -> Iterator[Text]:
    """Meetings with their agenda; what was said and decided only once the minutes are confirmed."""
    rows = ConferenceMeeting.objects.filter(pk__in=keys).select_related("bureau")
    for meeting in rows.prefetch_related("items", "decisions", "points_raised"):
        said: list[str] = []
        if meeting.state == ConferenceMeeting.State.CONFIRMED:
            said = [line for item in meeting.items.all() for line in item.minutes.splitlines()]
            said += [f"決定事項　{row.text}" for row in meeting.decisions.all()]
            said += [f"継続する論点　{row.text}" for row in meeting.points_raised.all()]
        yield Text(
            key=str(meeting.pk),
            ref=meeting.pk,
            order=-meeting.day.toordinal(),
            title=meeting.title,
            note=f"{meeting.bureau.name}　{wareki(meeting.day)}　{meeting.get_state_display()}",
            names=(meeting.title, meeting.bureau.name),
            lines=(*(f"議題　{item.title}" for item in meeting.items.all()), *said),
            links=[wareki(meeting.day), meeting.day.isoformat(), years(FiscalYear.of(meeting.day))],
        )


def calls(keys: Sequence[str]) -> Iterator[Text]:
    """Calls with their program."""
    for call in Call.objects.filter(pk__in=keys).select_related("program"):
        year = FiscalYear(call.fiscal_year)
        yield Text(
            key=str(call.pk),
            ref=call.pk,
            order=-call.fiscal_year,
            title=f"{year.wareki} {call.program.name} 第{call.round}次募集",
            note=f"{call.program.short_name}　締切 {wareki(call.closes_on)}",
            names=(call.program.name, call.program.short_name, call.program.code, call.program.umbrella),
            lines=call.program.purpose.splitlines(),
            links=[years(call.fiscal_year)],
        )


def applications(keys: Sequence[str]) -> Iterator[Text]:
    """Applications: what the towns write; while they write on, the offices' text is the version submitted last."""
    rows = list(Application.objects.filter(pk__in=keys).select_related("call__program", "region", "lead"))
    prefetch_related_objects(rows, *ROWS)
    open_states = (*BEFORE_SUBMISSION, State.RETURNED)
    writing = [row.pk for row in rows if row.state in open_states and row.submitted_at is not None]
    frozen = {
        row.application_id: row.data for row in Snapshot.objects.filter(application__in=writing).order_by("version")
    }
    for row in rows:
        live = content_of(row, [])
        if row.pk in frozen:
            yield _application(row, live, Layer.OWN)
            yield _application(row, frozen[row.pk], Layer.OFFICE)
        else:
            yield _application(row, live, Layer.ALL)


def _application(row: Application, content: dict[str, Any], layer: str) -> Text:
    year = FiscalYear(row.fiscal_year)
    title, region = content["title"], content["region"]["name"]
    numbers = (row.number, row.receipt_number, content["lead_document_no"], title, region)
    decided = (("内定額", row.selected_yen), ("交付決定額", row.granted_yen), ("確定額", row.fixed_yen))
    return Text(
        key=str(row.pk),
        ref=row.pk,
        order=-row.pk,
        layer=layer,
        title=f"{region}　{title}".strip()[:250],
        note=f"{row.number}　{row.call.program.short_name}　{year.wareki}",
        names=[name for name in numbers if name],
        lines=(
            f"収受番号　{row.receipt_number}" if row.receipt_number else "",
            f"申請文書の番号　{content['lead_document_no']}" if content["lead_document_no"] else "",
            f"参加市町村　{'、'.join(part['name'] for part in content['participants'])}",
            *content["purpose"].splitlines(),
            *content["plan"].splitlines(),
            *(f"{one['name']}　{one['outline']}　{one['content']}　{one['scale']}" for one in content["projects"]),
            *content["cost_sharing_note"].splitlines(),
            *content["self_running_plan"].splitlines(),
            *(f"経費　{line['category']}　{line['description']}" for line in content["costs"]),
        ),
        amounts=(
            *((label, yen) for label, yen in decided if yen is not None),
            *((("申請額", content["requested_yen"]),) if content["requested_yen"] else ()),
            *((f"経費　{line['description']}", line["amount_yen"]) for line in content["costs"] if line["amount_yen"]),
        ),
        links=[years(row.fiscal_year), *(part.municipality.kana for part in row.parts.all()), row.call.program.name],
    )


def notes(keys: Sequence[str]) -> Iterator[Text]:
    """Notes and opinions on an application (庁内限り), all of one application together."""
    found: dict[int, list[str]] = {}
    for note in InternalNote.objects.filter(application__in=keys):
        found.setdefault(note.application_id, []).extend(f"メモ　{line}" for line in note.text.splitlines())
    for opinion in Opinion.objects.filter(application__in=keys):
        found.setdefault(opinion.application_id, []).extend(f"意見　{line}" for line in opinion.text.splitlines())
    for row in Application.objects.filter(pk__in=found).select_related("region"):
        yield Text(
            key=str(row.pk),
            ref=row.pk,
            order=-row.pk,
            title=f"{row.region.name}の審査メモ・意見",
            note=f"{row.number}　庁内限り",
            names=(),
            lines=found[row.pk],
        )


def documents(keys: Sequence[str]) -> Iterator[Text]:
    """Papers about applications: number (指令番号, 文書番号), title, addressee and day; those 庁内限り apart."""
    for paper in DocumentIssue.objects.filter(pk__in=keys, subject_type=SUBJECT).select_related("number"):
        number = paper.number.text if paper.number else paper.snapshot.get("head", {}).get("number", "")
        day = wareki(paper.issued_on)
        yield Text(
            key=str(paper.pk),
            ref=paper.pk,
            order=-paper.pk,
            layer=Layer.OFFICE if paper.internal else Layer.ALL,
            title=f"{number}　{bare_name(paper)}" if number else paper.title,
            note=f"{paper.title}　{day}"[:250],
            names=[name for name in (number, bare_name(paper)) if name],
            lines=(paper.title, paper.addressee, day),
            links=[paper.issued_on.isoformat(), paper.kind, years(FiscalYear.of(paper.issued_on))],
        )


def payments(keys: Sequence[str]) -> Iterator[Text]:
    """Claims and returns by the number of the claim and of the creditor, and by amount."""
    for row in Payment.objects.filter(pk__in=keys).select_related("application__region"):
        yield Text(
            key=str(row.pk),
            ref=row.application_id,
            order=-row.pk,
            title=f"{row.application.region.name}　{row.get_kind_display()} {show_yen(row.amount_yen)}円",
            note=f"{row.application.number}　{wareki(row.claimed_on)}",
            names=[name for name in (row.document_no, row.creditor_no) if name],
            lines=[
                f"{label}　{number}"
                for label, number in (("請求文書の番号", row.document_no), ("債権者番号", row.creditor_no))
                if number
            ],
            amounts=((row.get_kind_display(), row.amount_yen),),
            links=[row.application.number],
        )


READERS: dict[str, Reader] = {
    "application": applications,
    "document": documents,
    "payment": payments,
    "note": notes,
    "region": regions,
    "project": projects,
    "agreement": agreements,
    "vision": visions,
    "plan": plans,
    "meeting": meetings,
    "call": calls,
    "municipality": municipalities,
}
