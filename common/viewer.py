"""Who is looking: a plain value made from the post a person currently wears.

Rooms never see a login. `domain.md` §2 is the table of who may do what: each room states its rows in
`duties.py` as `Action` values, and every page and service asks `viewer.may(action, access)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Duty(StrEnum):
    """The twelve duties (役割)."""

    MP = "MP"
    MA = "MA"
    MF = "MF"
    BS = "BS"
    BM = "BM"
    HS = "HS"
    HM = "HM"
    SD = "SD"
    AC = "AC"
    AU = "AU"
    AD = "AD"
    OB = "OB"

    @property
    def label(self) -> str:
        return DUTY_LABELS[self]


DUTY_LABELS = {
    Duty.MP: "市町村 企画担当",
    Duty.MA: "市町村 承認者",
    Duty.MF: "市町村 事業担当",
    Duty.BS: "振興局 審査担当",
    Duty.BM: "振興局 決裁者",
    Duty.HS: "本庁 審査担当",
    Duty.HM: "本庁 決裁者",
    Duty.SD: "本庁 関係部局",
    Duty.AC: "会計担当",
    Duty.AU: "監査",
    Duty.AD: "システム管理者",
    Duty.OB: "団体（閲覧）",
}


class OfficeKind(StrEnum):
    """What an office is decides what it may know exists."""

    MUNICIPALITY = "municipality"
    BUREAU = "bureau"
    PREFECTURE = "prefecture"
    ASSOCIATION = "association"
    NONE = "none"


OFFICE_DUTIES = {
    OfficeKind.MUNICIPALITY: (Duty.MP, Duty.MA, Duty.MF),
    OfficeKind.BUREAU: (Duty.BS, Duty.BM),
    OfficeKind.PREFECTURE: (Duty.HS, Duty.HM, Duty.SD, Duty.AC, Duty.AU, Duty.AD),
    OfficeKind.ASSOCIATION: (Duty.OB,),
    OfficeKind.NONE: (),
}


class Access(StrEnum):
    """The letters of the action matrix: edit, submit/decide, comment, read, read all."""

    EDIT = "E"
    SUBMIT = "S"
    COMMENT = "C"
    READ = "R"


@dataclass(frozen=True)
class Action:
    """One row of the action matrix.

    `row` is its number there; `access` maps a duty to its letters, for example {"MP": "E", "BS": "ES"}.
    Every letter but none includes reading.
    """

    row: int
    title: str
    access: dict[str, str] = field(hash=False)

    def allows(self, duty: Duty, access: Access) -> bool:
        letters = self.access.get(duty.value, "")
        return bool(letters) if access == Access.READ else access.value in letters


@dataclass(frozen=True)
class Office:
    """An office as rooms need it. `code` is a municipality code (6 digits), a bureau code or a prefecture code.

    `section` names the part of the office where it matters (本庁 関係部局, 出納局); codes alone decide territory.
    """

    kind: OfficeKind
    code: str
    name: str
    section: str = ""

    @property
    def full_name(self) -> str:
        """空知総合振興局 地域政策課; the name alone where no section matters."""
        return f"{self.name} {self.section}".strip()

    @property
    def key(self) -> str:
        """A dossier belongs to an office, not to a mailbox: this is how rows name it."""
        return f"{self.kind.value}:{self.code}"


NO_OFFICE = Office(OfficeKind.NONE, "", "")


@dataclass(frozen=True)
class Absentee:
    """Who is away and whose duties a deputy bears (代理、決裁では代決)."""

    user_id: int
    name: str


@dataclass(frozen=True)
class Viewer:
    """The person at the screen in one of her posts; nobody at all when `user_id` is None.

    With `deputy_for` she bears the duties of somebody who is away, and nothing of her own.
    """

    user_id: int | None = None
    office: Office = NO_OFFICE
    duties: frozenset[Duty] = frozenset()
    name: str = ""
    post_id: int | None = None
    ip: str = ""
    deputy_for: Absentee | None = None

    def may(self, action: Action, access: Access = Access.READ) -> bool:
        """Say whether one of the duties of this post carries this access to that action."""
        return any(action.allows(duty, access) for duty in self.duties)

    def has(self, *duties: Duty) -> bool:
        return any(duty in self.duties for duty in duties)

    @property
    def is_municipal(self) -> bool:
        return self.office.kind == OfficeKind.MUNICIPALITY

    @property
    def is_bureau(self) -> bool:
        return self.office.kind == OfficeKind.BUREAU

    @property
    def is_prefecture(self) -> bool:
        return self.office.kind == OfficeKind.PREFECTURE

    @property
    def sees_internal(self) -> bool:
        """Whether papers marked 庁内限り may be shown: never to towns, associations or the system administrator."""
        return self.is_bureau or (self.is_prefecture and self.has(Duty.HS, Duty.HM, Duty.SD, Duty.AC, Duty.AU))

    @property
    def person(self) -> int:
        """The id of the person who acts. Raises PermissionError where nobody does (nobody signed in, the system)."""
        if self.user_id is None:
            raise PermissionError("この操作には利用者が必要です。")
        return self.user_id

    @property
    def post_key(self) -> str:
        """What tells her posts apart where she chooses one to wear."""
        return f"{self.post_id}:{self.deputy_for.user_id}" if self.deputy_for else f"{self.post_id}"

    @property
    def works_as(self) -> int | None:
        """Whose personal work this is: her own, as a deputy that of the person who is away."""
        return self.deputy_for.user_id if self.deputy_for else self.user_id

    def stands_for(self, user_id: int | None) -> bool:
        """Whether an act of that person counts as hers where two different people have to act."""
        return user_id is not None and user_id in (self.user_id, self.works_as)

    @property
    def label(self) -> str:
        """How an audit line or a letter names the person: office and name, and for whom a deputy acts."""
        named = " ".join(part for part in (self.office.name, self.office.section, self.name) if part)
        return f"{named}（{self.deputy_for.name}の代理）" if self.deputy_for else named


NOBODY = Viewer()
SYSTEM = Viewer(name="システム")


def packed(viewer: Viewer) -> dict[str, Any]:
    """Return who acts as JSON, for a worker that acts in her name."""
    office = viewer.office
    return {
        "user": viewer.user_id,
        "office": [office.kind.value, office.code, office.name, office.section],
        "duties": sorted(viewer.duties),
        "name": viewer.name,
        "post": viewer.post_id,
        "ip": viewer.ip,
        "deputy_for": [viewer.deputy_for.user_id, viewer.deputy_for.name] if viewer.deputy_for else None,
    }


def unpacked(values: Mapping[str, Any]) -> Viewer:
    """Return the viewer that `packed` was given."""
    kind, code, name, section = values["office"]
    if values["user"] is None and values["name"] == SYSTEM.name:
        return SYSTEM
    return Viewer(
        user_id=values["user"],
        office=Office(OfficeKind(kind), code, name, section),
        duties=frozenset(map(Duty, values["duties"])),
        name=values["name"],
        post_id=values["post"],
        ip=values["ip"],
        deputy_for=Absentee(*values["deputy_for"]) if values.get("deputy_for") else None,
    )
