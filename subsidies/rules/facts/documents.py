"""The documents in force: agreement, vision, forward plan, conference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ConsentState(StrEnum):
    """A member's consent to an agreement; only 同意済 counts."""

    NONE = "none"
    AGREED = "agreed"
    COUNCIL = "council"
    DONE = "done"

    @property
    def label(self) -> str:
        return {"none": "未", "agreed": "同意", "council": "議決待ち", "done": "同意済"}[self]


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """One member's consent; `code` has 6 digits."""

    code: str
    state: ConsentState
    on: date | None = None
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The agreement (地域連携協定) as it stands on the reference date.

    `in_force_on` is the day it came into force, None before every member has consented; `ended_on` its last day.
    `fields` are the fields it covers, empty when it covers every field. `framework` marks an agreement made once as a
    frame (大枠). `parties` are the codes of those who are bound by this version. `unknown` maps a field to the reason
    why no source tells it.
    """

    title: str
    version: int = 1
    signed_on: date | None = None
    in_force_on: date | None = None
    ended_on: date | None = None
    consents: tuple[ConsentFacts, ...] = ()
    parties: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    framework: bool = False
    unknown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VisionFacts:
    """The adopted vision (地域連携ビジョン) version: its term in fiscal years and the names of its projects.

    `unknown` maps a field to the reason why no source tells it.
    """

    title: str
    version: int = 1
    adopted_on: date | None = None
    first_year: int | None = None
    last_year: int | None = None
    projects: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EquivalenceFacts:
    """A zone's own plan registered in place of forward plan or conference; confirmed by staff or not yet."""

    title: str
    confirmed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ForwardPlanFacts:
    """The lead bureau's forward plan (広域連携前進プラン): its term in fiscal years, whether it lists the region."""

    bureau_name: str
    version: int = 1
    adopted_on: date | None = None
    first_year: int | None = None
    last_year: int | None = None
    lists_region: bool = False


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting that was held."""

    on: date
    title: str = ""


@dataclass(frozen=True, slots=True)
class ConferenceFacts:
    """Meetings held by the promotion conference (検討会議) of the lead bureau, oldest first."""

    meetings: tuple[MeetingFacts, ...] = ()
