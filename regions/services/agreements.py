"""Agreements (地域連携協定): the draft in its parts, and the amendment that lets members join and leave.

Each part is saved by one service with the revision that the page bore: a save upon an older one raises Conflict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.errors import Conflict, Refused
from common.viewer import Access, Viewer

from .. import duties
from ..clauses import Blanks, Wording, blanks_of, wordings
from ..cost_sharing import WHOLE
from ..models import (
    Agreement,
    AgreementArticle,
    AgreementConsent,
    AgreementInitiative,
    AgreementRole,
    CostMethod,
    Field,
    Project,
    Region,
    RegionMembership,
)
from .access import agreement_for, region_for, towns

S = Agreement.State
CHANGED = (
    "ほかの人がこの案を更新しました。入力した内容はこの画面に残っています。"
    "いまの内容と見比べて、もう一度保存してください。"
)
AWAY = {
    "lead_id": "代表市町村",
    "secretariat_id": "事務局市町村",
    "hub_id": "中心都市",
}


@dataclass(frozen=True)
class AgreementDraft:
    """The frame of a draft. `parties` are 6-digit codes, empty for the members of today; `fields` are field codes,
    empty where the agreement names none; `in_force_on` is empty when it takes effect with the last consent.
    `articles` are texts by key that stand in place of the template's when the draft is made."""

    title: str
    witness: str = ""
    framework: bool = False
    fields: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    in_force_on: date | None = None
    valid_until: date | None = None
    articles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ArticleDraft:
    """One article as typed; the order of the articles is that of the sequence."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True)
class InitiativeEntry:
    """A row of the annexed table: `project` is a registered initiative, `roles` are texts by 6-digit code."""

    name: str = ""
    project: int | None = None
    fields: tuple[str, ...] = ()
    secretariat: str = ""
    outline: str = ""
    common_role: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def create_agreement(region_code: str, draft: AgreementDraft, *, viewer: Viewer) -> Agreement:
    """Write the draft (案) of the next version, born with the articles of the template.

    A version in the making blocks another one. Raises Refused.
    """
    region = region_for(viewer, region_code, duties.AGREEMENT, Access.EDIT)
    agreement = _new(region)
    _write(agreement, draft)
    blanks = blanks_of(agreement, party_names(agreement))
    rows = wordings(region.prefecture_id, blanks)
    _replace_articles(agreement, [ArticleDraft(r.key, r.heading, draft.articles.get(r.key, r.text)) for r in rows])
    audit.record(viewer, "agreement.create", region, f"協定 第{agreement.version}版の案を作成", after=_state(agreement))
    return agreement


@transaction.atomic
def update_agreement(
    agreement_id: int, draft: AgreementDraft, *, viewer: Viewer, revision: int | None = None
) -> Agreement:
    """Change title, parties, fields and days of a draft; articles left as the template worded them follow.

    After consent was asked for, only `decline_consent` brings it back. Raises Refused and Conflict.
    """
    agreement = _draft_for(viewer, agreement_id, revision)
    before, old = _state(agreement), _template(agreement)
    _write(agreement, draft)
    _refill(agreement, old)
    _saved(agreement, viewer, "当事者と期間", before, _state(agreement))
    return agreement


@transaction.atomic
def save_articles(
    agreement_id: int, articles: Sequence[ArticleDraft], *, viewer: Viewer, revision: int | None = None
) -> Agreement:
    """Replace the articles of a draft by these, in this order. Raises Refused and Conflict."""
    agreement = _draft_for(viewer, agreement_id, revision)
    problems = [
        f"{n}つ目の条の見出しを入力してください。" for n, row in enumerate(articles, 1) if not row.heading.strip()
    ]
    if len({row.key for row in articles}) < len(articles):
        problems.append("同じ条が2回含まれています。")
    if problems:
        raise Refused(*problems)
    before = {row.heading: row.text for row in agreement.articles.all()}
    _replace_articles(agreement, articles)
    _saved(agreement, viewer, "条文", before, {row.heading: row.text for row in articles})
    return agreement


@transaction.atomic
def save_initiative(
    agreement_id: int,
    entry: InitiativeEntry,
    *,
    viewer: Viewer,
    initiative_id: int | None = None,
    revision: int | None = None,
) -> AgreementInitiative:
    """Write one row of the annexed table, a new one at its end. Raises Refused and Conflict."""
    agreement = _draft_for(viewer, agreement_id, revision)
    row = (
        AgreementInitiative(agreement=agreement, position=agreement.initiatives.count() + 1)
        if initiative_id is None
        else agreement.initiatives.get(pk=initiative_id)
    )
    project = Project.objects.filter(pk=entry.project, region=agreement.region_id).first() if entry.project else None
    name = entry.name.strip() or (project.name if project else "")
    parties = set(party_codes(agreement))
    fields = Field.objects.filter(pk__in=entry.fields)
    wrong = [
        sentence
        for bad, sentence in (
            (bool(entry.project) and project is None, "登録されていない取組です。もう一度選んでください。"),
            (not name, "取組を選ぶか、名称を入力してください。"),
            (
                agreement.initiatives.filter(name=name).exclude(pk=row.pk).exists(),
                f"「{name}」は既に別表にあります。その行を変更してください。",
            ),
            (bool(entry.secretariat) and entry.secretariat not in parties, "事務局は当事者から選んでください。"),
            (not set(entry.roles) <= parties, "役割を担う市町村は当事者から選んでください。"),
            (len(fields) < len(set(entry.fields)), "登録されていない分野が含まれています。"),
        )
        if bad
    ]
    if wrong:
        raise Refused(*wrong)
    before = {"name": row.name, "outline": row.outline} if row.pk else {}
    row.name, row.project, row.secretariat_id = name, project, entry.secretariat or None
    row.outline, row.common_role = entry.outline.strip(), entry.common_role.strip()
    row.save()
    row.fields.set(fields)
    row.roles.all().delete()
    AgreementRole.objects.bulk_create(
        AgreementRole(initiative=row, municipality_id=code, text=text.strip())
        for code, text in sorted(entry.roles.items())
        if text.strip()
    )
    _saved(agreement, viewer, f"別表の取組「{name}」", before, {"name": name, "outline": row.outline})
    return row


@transaction.atomic
def remove_initiative(agreement_id: int, initiative_id: int, *, viewer: Viewer, revision: int | None = None) -> None:
    """Take a row out of the annexed table of a draft. Raises Refused and Conflict."""
    agreement = _draft_for(viewer, agreement_id, revision)
    row = agreement.initiatives.get(pk=initiative_id)
    name = row.name
    row.delete()
    for position, other in enumerate(agreement.initiatives.all(), 1):
        AgreementInitiative.objects.filter(pk=other.pk).update(position=position)
    _saved(agreement, viewer, f"別表の取組「{name}」の削除", {"name": name}, {})


@transaction.atomic
def move_initiative(agreement_id: int, initiative_id: int, *, up: bool, viewer: Viewer) -> None:
    """Move a row of the annexed table by one place. Raises Refused."""
    agreement = _draft_for(viewer, agreement_id, None)
    rows = list(agreement.initiatives.all())
    at = next(n for n, row in enumerate(rows) if row.pk == agreement.initiatives.get(pk=initiative_id).pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows, 1):
        row.position = position
    AgreementInitiative.objects.bulk_update(rows, ["position"])
    _saved(agreement, viewer, "別表の順序", {}, {"order": [row.name for row in rows]})


@transaction.atomic
def save_costs(
    agreement_id: int,
    *,
    method: str,
    viewer: Viewer,
    equal_bp: int = 5000,
    shares: Mapping[str, int] | None = None,
    revision: int | None = None,
) -> Agreement:
    """Say how the costs are split; `shares` are hundredths of a percent by 6-digit code where each is fixed.

    A sum other than 100 % may be saved in a draft, but consent is not asked for upon it. Raises Refused and Conflict.
    """
    agreement = _draft_for(viewer, agreement_id, revision)
    given = dict(shares or {})
    problems = []
    if method not in CostMethod.values:
        problems.append("負担割合の決め方を選んでください。")
    if not 0 < equal_bp < WHOLE and method == CostMethod.BOTH:
        problems.append("均等割の割合は、0％より大きく100％より小さい数で入力してください。")
    if not set(given) <= set(party_codes(agreement)):
        problems.append("割合は当事者についてだけ定められます。")
    if any(not 0 <= share <= WHOLE for share in given.values()):
        problems.append("割合は0％から100％までの数で入力してください。")
    if problems:
        raise Refused(*problems)
    before, old = {"method": agreement.cost_method}, _template(agreement)
    agreement.cost_method, agreement.cost_equal_bp = method, equal_bp
    agreement.save(update_fields=["cost_method", "cost_equal_bp"])
    for row in agreement.consents.all():
        row.share_bp = given.get(row.municipality_id) if method == CostMethod.CUSTOM else None
        row.save(update_fields=["share_bp"])
    _refill(agreement, old)
    _saved(agreement, viewer, "費用負担", before, {"method": method, "shares": given})
    return agreement


@transaction.atomic
def amend(
    agreement_id: int,
    *,
    viewer: Viewer,
    joiners: Sequence[str] = (),
    leavers: Sequence[str] = (),
    in_force_on: date | None = None,
) -> Agreement:
    """Copy the version in force to a new draft whose parties are its own with `joiners` and without `leavers`.

    When it comes into force, the memberships follow. Raises Refused, for a leaver who is lead, secretariat or hub too.
    """
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    only(agreement, S.IN_FORCE)
    region = agreement.region
    parties = set(party_codes(agreement)) | set(
        RegionMembership.objects.on(clock.today()).filter(region=region).values_list("municipality", flat=True)
    )
    unknown = set(leavers) - parties
    if unknown:
        raise Refused("脱退する市町村は、いまの構成市町村から選んでください。")
    if already := set(joiners) & parties:
        names = towns(sorted(already), clock.today(), region.prefecture_id)
        raise Refused(f"{'、'.join(town.name for town in names.values())}は、既に構成市町村です。")
    keeps = (parties | set(joiners)) - set(leavers)
    old = _template(agreement)
    draft = _new(region)
    for name in ("cost_method", "cost_equal_bp"):
        setattr(draft, name, getattr(agreement, name))
    _write(
        draft,
        AgreementDraft(
            title=agreement.title,
            witness=agreement.witness,
            framework=agreement.framework,
            fields=tuple(agreement.fields.values_list("pk", flat=True)),
            parties=tuple(sorted(keeps)),
            in_force_on=in_force_on,
            valid_until=agreement.valid_until,
        ),
    )
    _copy_texts(agreement, draft, keeps)
    _refill(draft, old)
    audit.record(
        viewer,
        "agreement.amend",
        region,
        f"協定 第{draft.version}版（改定）の案を作成",
        before={"version": agreement.version},
        after=_state(draft) | {"joiners": sorted(joiners), "leavers": sorted(leavers)},
    )
    return draft


def template_of(agreement: Agreement) -> dict[str, Wording]:
    """The articles of the template as they would be worded for this draft now, by key."""
    return {row.key: row for row in _template(agreement)}


def party_codes(agreement: Agreement) -> list[str]:
    """The 6-digit codes of the parties, in code order."""
    return list(agreement.consents.order_by("municipality").values_list("municipality", flat=True))


def party_names(agreement: Agreement) -> list[str]:
    """The names of the parties, in code order."""
    return list(agreement.consents.order_by("municipality").values_list("municipality__name", flat=True))


def only(agreement: Agreement, *states: str) -> None:
    """Raise Refused unless the version is in one of these states."""
    if agreement.state not in states:
        raise Refused(f"「{agreement.get_state_display()}」の協定には行えません。")


def leaving_problems(region: Region, parties: set[str]) -> list[str]:
    """Why these cannot be the parties: lead, secretariat or hub would leave. One sentence for each office held."""
    found = []
    for column, word in AWAY.items():
        code = getattr(region, column)
        if code and code not in parties:
            name = getattr(region, column.removesuffix("_id")).name
            found.append(
                f"{name}は{word}です。当事者から外す前に、「地域の情報を変える」で{word}（{name}）を別の市町村に変更してください。"
            )
    return found


def _new(region: Region) -> Agreement:
    if region.state in (Region.State.ENDED, Region.State.NATIONAL):
        raise Refused(f"「{region.get_state_display()}」の地域では協定を作成できません。")
    if region.agreements.filter(state__in=[S.DRAFT, S.CONSENT, S.SIGNED]).exists():
        raise Refused("作成中の協定があります。先にその版を完了するか、内容を変更してください。")
    version = (region.agreements.aggregate(last=Max("version"))["last"] or 0) + 1
    return Agreement(region=region, version=version)


def _draft_for(viewer: Viewer, agreement_id: int, revision: int | None) -> Agreement:
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    only(agreement, S.DRAFT)
    if revision is not None and revision != agreement.revision:
        raise Conflict(CHANGED)
    return agreement


def _write(agreement: Agreement, draft: AgreementDraft) -> None:
    if not draft.title.strip():
        raise Refused("題名を入力してください。")
    today = clock.today()
    region = agreement.region
    parties = list(draft.parties) or list(
        RegionMembership.objects.on(today).filter(region=region).values_list("municipality", flat=True)
    )
    towns(parties, today, region.prefecture_id)
    problems = [] if len(parties) >= 2 else ["当事者となる市町村を2つ以上選んでください。"]
    problems += leaving_problems(region, set(parties))
    if draft.valid_until and draft.in_force_on and draft.valid_until < draft.in_force_on:
        problems.append("有効期間の最終日が効力発生日より前です。")
    if problems:
        raise Refused(*problems)
    fields = Field.objects.filter(pk__in=draft.fields)
    if len(fields) < len(set(draft.fields)):
        raise Refused("登録されていない分野が含まれています。")
    agreement.title, agreement.witness = draft.title.strip(), draft.witness.strip()
    agreement.framework = draft.framework
    agreement.in_force_on, agreement.valid_until = draft.in_force_on, draft.valid_until
    agreement.save()
    agreement.fields.set(fields)
    agreement.consents.exclude(municipality__in=parties).delete()
    for code in sorted(parties):
        AgreementConsent.objects.get_or_create(agreement=agreement, municipality_id=code)
    AgreementRole.objects.filter(initiative__agreement=agreement).exclude(municipality__in=parties).delete()
    agreement.initiatives.exclude(secretariat__in=parties).update(secretariat=None)


def _replace_articles(agreement: Agreement, articles: Sequence[ArticleDraft]) -> None:
    agreement.articles.exclude(key__in=[row.key for row in articles]).delete()
    for position, row in enumerate(articles, 1):
        text = "\n".join(line.rstrip() for line in row.text.strip().splitlines())
        AgreementArticle.objects.update_or_create(
            agreement=agreement,
            key=row.key,
            defaults={"position": position, "heading": row.heading.strip(), "text": text},
        )


def _template(agreement: Agreement) -> list[Wording]:
    return wordings(agreement.region.prefecture_id, _blanks(agreement))


def _blanks(agreement: Agreement) -> Blanks:
    return blanks_of(agreement, party_names(agreement))


def _refill(agreement: Agreement, old: Sequence[Wording]) -> None:
    """Word the articles anew that still read as the template did."""
    before, now = {row.key: row.text for row in old}, template_of(agreement)
    for row in agreement.articles.all():
        if row.key in now and row.text == before.get(row.key) and row.text != now[row.key].text:
            row.text = now[row.key].text
            row.save(update_fields=["text"])


def _copy_texts(source: Agreement, draft: Agreement, parties: set[str]) -> None:
    """Articles, annexed table and shares of the version before; from the template where it has none."""
    rows = [ArticleDraft(row.key, row.heading, row.text) for row in source.articles.all()]
    _replace_articles(draft, rows or [ArticleDraft(row.key, row.heading, row.text) for row in _template(draft)])
    for old in source.initiatives.prefetch_related("fields", "roles"):
        copy = AgreementInitiative.objects.create(
            agreement=draft,
            position=old.position,
            project_id=old.project_id,
            name=old.name,
            secretariat_id=old.secretariat_id if old.secretariat_id in parties else None,
            outline=old.outline,
            common_role=old.common_role,
        )
        copy.fields.set(old.fields.all())
        AgreementRole.objects.bulk_create(
            AgreementRole(initiative=copy, municipality_id=role.municipality_id, text=role.text)
            for role in old.roles.all()
            if role.municipality_id in parties
        )
    shares = dict(source.consents.values_list("municipality", "share_bp"))
    for row in draft.consents.all():
        row.share_bp = shares.get(row.municipality_id)
        row.save(update_fields=["share_bp"])


def _saved(
    agreement: Agreement, viewer: Viewer, part: str, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    """Count the save and write it down."""
    agreement.revision += 1
    agreement.changed_at = clock.now()
    agreement.save(update_fields=["revision", "changed_at"])
    title = f"協定 第{agreement.version}版の案を変更（{part}）"
    audit.record(viewer, "agreement.update", agreement.region, title, before=before, after=after)


def _state(agreement: Agreement) -> dict[str, object]:
    return {
        "version": agreement.version,
        "title": agreement.title,
        "parties": party_codes(agreement),
        "fields": sorted(agreement.fields.values_list("pk", flat=True)),
        "in_force_on": agreement.in_force_on,
        "valid_until": agreement.valid_until,
    }
