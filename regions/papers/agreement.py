"""地域連携協定書 (D-23): articles, annexed tables of initiatives and roles and of the cost split, a grid of signatures.

What it says follows the published agreements of the region around 京極町 (signed 2021-03-18): purpose, basic policy,
initiatives and roles, costs, amendment, term, consultation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from common.documents import Head, freeze
from common.documents.head import plain
from common.templatetags.paper import on, wide
from municipalities.acting import heads_of

from ..agreement_costs import EXAMPLE_YEN, bearer_of, remainder_rule, split_of
from ..clauses import blanks_of, frame
from ..cost_sharing import amounts, percent
from ..models import Agreement, AgreementArticle, AgreementConsent, AgreementInitiative, CostMethod


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an article; `number` is 1 for the first, which bears none on paper."""

    number: int
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """One article: its number and heading, its paragraphs (項) in order, each with its items (号).

    `key` lasts from version to version, so that two versions can be laid side by side.
    """

    number: int
    heading: str
    paragraphs: tuple[Paragraph, ...]
    key: str = ""


@dataclass(frozen=True)
class RoleRow:
    """What one party (or all of them together) does in an initiative."""

    who: str
    text: str


@dataclass(frozen=True)
class InitiativeRow:
    """A row of the annexed table."""

    number: int
    name: str
    fields: tuple[str, ...]
    secretariat: str
    outline: str
    roles: tuple[RoleRow, ...]


@dataclass(frozen=True)
class ShareRow:
    """A party's share of the costs: percent as text (12.34) and its part of the example, in whole yen."""

    name: str
    percent: str
    amount_yen: int
    code: str = ""


@dataclass(frozen=True)
class CostTable:
    """How costs are split. `basis` says by what and where the figures come from, `remainder` who bears what is left."""

    method: str
    basis: str
    rows: tuple[ShareRow, ...]
    example_yen: int
    remainder: str


@dataclass(frozen=True)
class Signatory:
    """A signature block: 長沼町長. What the portal recorded of its consent stands below, where it was recorded."""

    title: str
    agreed_on: date | None = None
    document_no: str = ""
    council_on: date | None = None
    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class AgreementPaper:
    """D-23. `head.issued_on` is the day of signing, blank in a draft; `supplements` are the 附則."""

    head: Head
    region: str
    version: int
    preamble: str
    clauses: tuple[Clause, ...]
    initiatives: tuple[InitiativeRow, ...]
    costs: CostTable | None
    supplements: tuple[str, ...]
    closing: str
    signatories: tuple[Signatory, ...]
    witness: str = ""
    note: str = ""
    fields: tuple[str, ...] = ()
    framework: bool = False
    in_force_on: date | None = None
    valid_until: date | None = None


COPY = "（ポータルに登録された内容による写し）"
ITEM = re.compile(r"^\s*(?:・|[(（][0-9０-９]+[)）])\s*")


def agreement_paper(agreement: Agreement) -> AgreementPaper:
    """Return the paper of a version as its rows are now, in 9 queries (13 where costs are split by population).

    What was signed before the portal had articles prints as far as the rows know it, with a note that says so.
    """
    region = agreement.region
    consents = list(agreement.consents.select_related("municipality").order_by("municipality"))
    names = [row.municipality.name for row in consents]
    blanks = blanks_of(agreement, names)
    preamble, closing = frame(region.prefecture_id, blanks)
    articles = list(agreement.articles.all())
    signed = agreement.state in (Agreement.State.IN_FORCE, Agreement.State.AMENDED, Agreement.State.ENDED)
    return AgreementPaper(
        head=Head(
            title=f"{agreement.title}（第{agreement.version}版）",
            heading=(agreement.title,),
            issued_on=agreement.signed_on,
            sender=tuple(names[:1]),
            numbered=False,
        ),
        region=region.name,
        version=agreement.version,
        preamble=preamble,
        clauses=tuple(_clause(number, row) for number, row in enumerate(articles, 1)),
        initiatives=tuple(_initiative(number, row) for number, row in enumerate(_initiatives(agreement), 1)),
        costs=_costs(agreement, consents),
        supplements=_supplements(agreement, blanks.values["parties"]),
        closing=closing,
        signatories=_signatories(consents, agreement.signed_on, signed=signed),
        witness=agreement.witness,
        note=COPY if signed else "",
        fields=tuple(field.name for field in agreement.fields.all()),
        framework=agreement.framework,
        in_force_on=agreement.in_force_on,
        valid_until=agreement.valid_until,
    )


def signed_content(agreement: Agreement) -> dict[str, Any]:
    """Return what was asked for consent, signed: the same text, its first day, the consents beside the names."""
    rows = agreement.consents.select_related("municipality").order_by("municipality")
    asked = agreement.asked_content or freeze(agreement_paper(agreement))
    starts = f"この協定は、{on(agreement.in_force_on)}から効力を生ずる。"
    content: dict[str, Any] = plain(
        asked
        | {
            "note": "",
            "signatories": [asdict(one) for one in _signatories(rows, agreement.signed_on, signed=True)],
            "supplements": [starts, *asked["supplements"][1:]] if asked["supplements"] else [],
            "in_force_on": agreement.in_force_on,
        }
    )
    return content


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Read an article as it is typed: a line is a paragraph (項); one that begins with ・ or (1) is an item (号)."""
    found: list[Paragraph] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if ITEM.match(line) and found:
            found[-1] = replace(found[-1], items=(*found[-1].items, ITEM.sub("", line)))
        else:
            found.append(Paragraph(len(found) + 1, ITEM.sub("", line)))
    return tuple(found)


def _clause(number: int, row: AgreementArticle) -> Clause:
    return Clause(number, row.heading, paragraphs(row.text), row.key)


def _initiatives(agreement: Agreement) -> Iterable[AgreementInitiative]:
    return agreement.initiatives.select_related("secretariat").prefetch_related("fields", "roles__municipality")


def _initiative(number: int, row: AgreementInitiative) -> InitiativeRow:
    roles = [RoleRow(role.municipality.name, role.text) for role in row.roles.all()]
    common = [RoleRow("他の団体" if roles else "全ての団体", row.common_role)] if row.common_role else []
    return InitiativeRow(
        number=number,
        name=row.name,
        fields=tuple(field.name for field in row.fields.all()),
        secretariat=row.secretariat.name if row.secretariat else "",
        outline=row.outline,
        roles=(*roles, *common),
    )


def _costs(agreement: Agreement, consents: list[AgreementConsent]) -> CostTable | None:
    """The table of shares; None where none are fixed, or where they cannot be told yet."""
    if agreement.cost_method == CostMethod.NONE or not consents:
        return None
    split = split_of(agreement, {row.municipality_id: row.share_bp for row in consents})
    if split.problem:
        return None
    bearer = bearer_of(agreement, list(split.shares))
    yen = amounts(EXAMPLE_YEN, split.shares, bearer.pk if bearer.pk in split.shares else min(split.shares))
    return CostTable(
        method=agreement.get_cost_method_display(),
        basis=split.basis,
        rows=tuple(
            ShareRow(
                row.municipality.name, percent(split.shares[row.municipality_id]), yen[row.municipality_id],
                row.municipality_id,
            )
            for row in consents
        ),
        example_yen=EXAMPLE_YEN,
        remainder=remainder_rule(bearer.name),
    )  # fmt: skip


def _supplements(agreement: Agreement, parties: str) -> tuple[str, ...]:
    """附則: from when it takes effect, and which version it replaces."""
    if not agreement.articles.all():
        return ()
    if agreement.in_force_on is not None:
        start = f"この協定は、{on(agreement.in_force_on)}から効力を生ずる。"
    else:
        start = f"この協定は、{parties}の全てが同意した日から効力を生ずる。"
    earlier = (
        agreement.region.agreements.filter(version__lt=agreement.version, signed_on__isnull=False)
        .order_by("-version")
        .first()
    )
    if earlier is None or earlier.state == Agreement.State.ENDED:
        return (start,)
    replaced = f"{on(earlier.signed_on)}に締結した協定（第{wide(earlier.version)}版）"
    return (start, f"{replaced}は、この協定が効力を生ずる日の前日をもって効力を失う。")


def _signatories(rows: Iterable[AgreementConsent], signed_on: date | None, *, signed: bool) -> tuple[Signatory, ...]:
    """The blocks of the members as they signed on the day, or would sign today."""
    consents = list(rows)
    titles = heads_of((row.municipality for row in consents), signed_on)
    return tuple(_signatory(row, titles[row.municipality_id], signed=signed) for row in consents)


def _signatory(row: AgreementConsent, title: str, *, signed: bool) -> Signatory:
    town = row.municipality
    if not signed:
        return Signatory(title, code=town.pk, name=town.name)
    return Signatory(title, row.agreed_on, row.document_no, row.council_resolved_on, town.pk, town.name)
