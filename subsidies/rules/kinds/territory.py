"""Rules about where the members lie and which national schemes they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ..exact import ceiling, names_text, share_text
from ..facts import ApplicationFacts, MemberFacts, RegionFacts, ZoneStatus
from ..values import Parameter, ValueType
from ..verdict import Finding, failed, judge_needed, no_data, not_applicable, passed, warned
from .base import Values, kind

UNDECLARED_HUB = Parameter(
    "undeclared_hub",
    ValueType.CHOICE,
    "未宣言中心市の扱い",
    "除く：国の制度を使えない市町村に数えず、判断を求めます。認める：数えます。",
    {"exclude": "除く", "allow": "認める"},
)


def counted(region: RegionFacts, values: Values) -> tuple[list[MemberFacts], list[MemberFacts], list[MemberFacts]]:
    """Members by what is known of their use of the national schemes: (cannot, needs judging, unknown)."""
    cannot, judged, unknown = [], [], []
    for member in region.members:
        if member.status == ZoneStatus.NONE or (
            member.status == ZoneStatus.UNDECLARED_HUB and values["undeclared_hub"] == "allow"
        ):
            cannot.append(member)
        elif member.status == ZoneStatus.UNDECLARED_HUB:
            judged.append(member)
        elif member.status == ZoneStatus.NO_DATA:
            unknown.append(member)
    return cannot, judged, unknown


def names(members: Iterable[MemberFacts]) -> str:
    return names_text([member.name for member in members])


def unknown_reason(unknown: list[MemberFacts]) -> str:
    """Why the status of these members is not known, in one sentence."""
    notes = "、".join(dict.fromkeys(member.status_note for member in unknown if member.status_note))
    return f"{names(unknown)}の国の制度への参加状況が分かりません{f'（{notes}）' if notes else ''}。"


@kind(
    "blank_share",
    "国の制度を使えない市町村の割合",
    "構成市町村のうち、国の広域連携制度を使えない市町村の数を全体と比べます。分からない市町村は、結果を左右するときだけ問題にします。",
    Parameter("at_least", ValueType.SHARE, "必要な割合", "この割合以上で適合です。"),
    UNDECLARED_HUB,
    needs=("members",),
)
def blank_share(facts: ApplicationFacts, values: Values) -> Finding:
    """A-02: count(cannot use) / members ≥ at_least, compared as whole numbers."""
    region, at_least = facts.region, values["at_least"]
    cannot, judged, unknown = counted(region, values)
    blank, members = len(cannot), len(region.members)
    inputs = {
        "blank": blank,
        "members": members,
        "share": share_text(Fraction(blank, members)),
        "at_least": share_text(at_least),
    }
    compared = (
        ("国の制度を使えない市町村", f"{members}のうち{blank}"),
        ("必要な割合", f"{share_text(at_least)}以上"),
    )
    known = {"inputs": inputs, "compared": compared}
    if blank >= at_least * members:
        return passed(f"国の制度を使えない市町村は{members}のうち{blank}で、{share_text(at_least)}以上です。", **known)
    if blank + len(judged) + len(unknown) >= at_least * members:
        if blank + len(judged) >= at_least * members:
            return judge_needed(
                f"国の制度を使えない市町村は{members}のうち{blank}です。{names(judged)}（未宣言の中心市）を"
                f"数えるかどうかの判断が必要です。",
                **known,
            )
        return no_data(unknown_reason(unknown), **known)
    missing = None if at_least == 1 else ceiling((at_least * members - blank) / (1 - at_least))
    if missing is None:
        others = [member for member in region.members if member not in cannot]
        return failed(
            f"国の制度を使えない市町村は{members}のうち{blank}です。すべての市町村が使えないことが必要です。",
            nearest_change={"remove": [member.code for member in others]},
            **known,
        )
    return failed(
        f"国の制度を使えない市町村は{members}のうち{blank}です。あと{missing}町村で{share_text(at_least)}を満たします。",
        nearest_change={"add_blank": missing, "candidates": blank_neighbours(region)},
        **known,
    )


def blank_neighbours(region: RegionFacts) -> list[str]:
    """Codes of blank municipalities outside that touch a member; those that touch more members first."""
    inside = region.by_code
    touching = Counter({member.code: sum(code in inside for code in member.neighbours) for member in region.outside})
    blank = [member.code for member in region.outside if member.is_blank and touching[member.code]]
    return sorted(blank, key=lambda code: (-touching[code], code))


@kind(
    "blank_status",
    "国の制度の活用が困難であることの確認",
    "どの市町村を「活用が困難」と数えたかを示します。未宣言の中心市は判断を求め、参加状況の分からない市町村は、割合の結果を左右するときに知らせます。",
    Parameter(
        "at_least", ValueType.SHARE, "必要な割合", "未確認の市町村が結果を左右するかどうかを見るために使います。"
    ),
    UNDECLARED_HUB,
    needs=("members",),
)
def blank_status(facts: ApplicationFacts, values: Values) -> Finding:
    """A-03: every member's status is known; an undeclared hub needs judging, an override shows its reason."""
    region = facts.region
    cannot, judged, unknown = counted(region, values)
    zoned = [member for member in region.members if member.status.in_zone]
    inputs = {
        "difficult": [member.code for member in cannot],
        "in_zone": [member.code for member in zoned],
        "undeclared_hub": [member.code for member in judged],
        "no_data": [member.code for member in unknown],
        "overridden": [member.code for member in region.members if member.status_overridden],
    }
    compared = tuple(
        (label, names(members))
        for label, members in (
            ("国の制度を使えない", cannot),
            ("国の制度に参加", zoned),
            ("未宣言の中心市", judged),
            ("不明", unknown),
            ("本庁が状況を定めたもの", [member for member in region.members if member.status_overridden]),
        )
        if members
    )
    known = {"inputs": inputs, "compared": compared}
    if not judged and not unknown:
        zones = dict.fromkeys(zone.name for member in zoned for zone in member.zones)
        where = f"（{'、'.join(zones)}）" if zones else ""
        return passed(
            f"国の制度を使えない市町村は{len(cannot)}、参加している市町村は{len(zoned)}です{where}。"
            if zoned
            else "どの市町村も国の制度を使えません。",
            **known,
        )
    needed = values["at_least"] * len(region.members)
    settled = len(cannot) >= needed or len(cannot) + len(judged) + len(unknown) < needed
    if settled:
        return warned(f"{names([*judged, *unknown])}の状況は確定していませんが、割合の結果は変わりません。", **known)
    if len(cannot) + len(judged) < needed:
        return no_data(unknown_reason(unknown), **known)
    return judge_needed(
        f"{names(judged)}は国の制度の中心市になれる市で、宣言をしていません。「活用が困難」と数えるかどうかの判断が必要です。",
        **known,
    )


@kind(
    "zone_member_adjacency",
    "国の制度に参加する市町村の隣接",
    "国の制度に参加する市町村が、構成市町村の中の空白地域に接しているかを見ます。直接接していないだけでは不適合にしません。",
    needs=("members",),
)
def zone_member_adjacency(facts: ApplicationFacts, values: Values) -> Finding:
    """A-04: each zone member touches a blank member; else connected through members → WARN, else JUDGE."""
    region = facts.region
    if unknown := [member for member in region.members if member.status == ZoneStatus.NO_DATA]:
        return no_data(unknown_reason(unknown))
    blank = {member.code for member in region.blank}
    zoned = [member for member in region.members if member.status.in_zone]
    touching = [member for member in zoned if blank.intersection(member.neighbours)]
    linked: list[MemberFacts] = []
    cut_off: list[MemberFacts] = []
    groups = region.components()
    for member in zoned:
        if member in touching:
            continue
        group = next(group for group in groups if member.code in group)
        (linked if blank.intersection(group) else cut_off).append(member)
    known = {
        "inputs": {
            "adjacent": [member.code for member in touching],
            "not_adjacent": [member.code for member in linked],
            "cut_off": [member.code for member in cut_off],
        },
        "compared": tuple(
            (label, names(members))
            for label, members in (("隣接する", touching), ("隣接しない", linked), ("つながらない", cut_off))
            if members
        ),
    }
    if not zoned:
        return not_applicable("国の制度に参加する市町村はありません。", **known)
    if cut_off:
        return judge_needed(
            f"{names(cut_off)}は構成市町村の空白地域とつながっていません。対象に含めるかどうかの判断が必要です。",
            **known,
        )
    if linked:
        return warned(
            f"{names(linked)}は空白地域に接していませんが、他の構成市町村を通じてつながるため、このまま申請できます。"
            "審査で確認します。",
            **known,
        )
    return passed("国の制度に参加する市町村は、すべて空白地域に接しています。", **known)


@kind(
    "contiguity",
    "隣接した市町村であること",
    "構成市町村が、市町村の境界をたどって1つにつながっているかを見ます。",
    needs=("members",),
)
def contiguity(facts: ApplicationFacts, values: Values) -> Finding:
    """M-02: the members form one connected graph over the borders."""
    region = facts.region
    groups = region.components()
    inputs = {"groups": [list(group) for group in groups]}
    if len(groups) <= 1:
        return passed(_connected(region), inputs=inputs)
    return failed(
        f"構成市町村が地図の上で{len(groups)}つに分かれています（"
        + "／".join(names_text(region.named(group)) for group in groups)
        + "）。",
        inputs=inputs,
        compared=tuple((f"まとまり{n}", names_text(region.named(group))) for n, group in enumerate(groups, 1)),
        nearest_change=joining(region, groups),
    )


def _connected(region: RegionFacts) -> str:
    return f"{len(region.members)}市町村は地図の上でつながっています。"


def joining(region: RegionFacts, groups: list[tuple[str, ...]]) -> dict[str, object] | None:
    """Municipalities outside that touch two or more of the groups; those that join the most groups first."""
    joined = {
        member.code: sum(bool(set(group).intersection(member.neighbours)) for group in groups)
        for member in region.outside
    }
    candidates = sorted((code for code, n in joined.items() if n > 1), key=lambda code: (-joined[code], code))
    if not candidates:
        return None
    enough = [code for code in candidates if joined[code] == len(groups)]
    return {"add": 1, "candidates": enough} if enough else {"connect_with": candidates}


@kind(
    "no_zone_members",
    "国の制度に取り組んでいないこと",
    "すべての構成市町村が、定住自立圏・連携中枢都市圏に参加していないことを求めます。",
    UNDECLARED_HUB,
    needs=("members",),
)
def no_zone_members(facts: ApplicationFacts, values: Values) -> Finding:
    """M-04: every member's status is none on the reference date; an undeclared hub needs judging."""
    region = facts.region
    cannot, judged, unknown = counted(region, values)
    zoned = [member for member in region.members if member.status.in_zone]
    known = {
        "inputs": {
            "in_zone": [member.code for member in zoned],
            "undeclared_hub": [member.code for member in judged],
            "no_data": [member.code for member in unknown],
            "none": len(cannot),
            "members": len(region.members),
        },
        "compared": tuple(
            (member.name, "・".join(zone.name for zone in member.zones) or member.status.label)
            for member in (*zoned, *judged, *unknown)
        ),
    }
    if zoned:
        zones = dict.fromkeys(zone.name for member in zoned for zone in member.zones)
        named = f"（{'、'.join(zones)}）" if zones else ""
        return failed(
            f"{names(zoned)}が国の制度に参加しています{named}。",
            nearest_change={"remove": [member.code for member in zoned]} if len(zoned) < len(region.members) else None,
            **known,
        )
    if unknown:
        return no_data(unknown_reason(unknown), **known)
    if judged:
        return judge_needed(
            f"{names(judged)}は国の制度の中心市になれる市で、宣言をしていません。対象に含めるかどうかの判断が必要です。",
            **known,
        )
    return passed(f"{len(region.members)}市町村とも国の制度に参加していません。", **known)


@kind(
    "zone_neighbours_alone",
    "圏域の近隣市町村だけの取組",
    "構成市町村がすべて同じ圏域の近隣市町村で、中心市を含まないことを見ます。",
    needs=("members",),
)
def zone_neighbours_alone(facts: ApplicationFacts, values: Values) -> Finding:
    """N-12: a deepening project of a zone's neighbours without its hub."""
    members = facts.region.members
    shared = set.intersection(*({zone.code for zone in member.zones} for member in members)) if members else set()
    if shared and all(member.status == ZoneStatus.MEMBER_NEIGHBOUR for member in members):
        zone = next(zone for zone in members[0].zones if zone.code == min(shared))
        return passed(f"{zone.name}の近隣市町村だけによる取組です（中心市を含みません）。", inputs={"zone": zone.code})
    return failed("同じ圏域の近隣市町村だけによる取組ではありません。")


@kind(
    "connected_projects",
    "取組ごとの市町村のつながり",
    "取組に参加する市町村が地図の上でつながっていることを求めます。離れていてよい分野を主な分野とする取組は除きます。",
    Parameter("exempt_field", ValueType.TEXT, "離れていてよい分野"),
    needs=("members",),
)
def connected_projects(facts: ApplicationFacts, values: Values) -> Finding:
    """N-03: a project whose main field is not the exempt one and whose participants are not connected fails.

    While no project is entered, a region that is not connected is open: only its projects' fields can tell.
    """
    region, exempt = facts.region, values["exempt_field"]
    groups = region.components()
    inputs: dict[str, Any] = {"groups": [list(group) for group in groups], "exempt_field": exempt}
    if len(groups) <= 1:
        return passed(_connected(region), inputs=inputs)
    apart = "／".join(names_text(region.named(group)) for group in groups)
    compared = tuple((f"まとまり{n}", names_text(region.named(group))) for n, group in enumerate(groups, 1))
    if facts.why_unknown("projects") or not facts.projects:
        return no_data(
            f"構成市町村が地図の上で分かれています（{apart}）。「{exempt}」を主な分野とする取組であれば対象になります。"
            "取組の主な分野を入力すると判定します。",
            nearest_change=joining(region, groups),
            inputs=inputs,
            compared=compared,
        )
    failing: list[str] = []
    open_names: list[str] = []
    for project in facts.projects:
        inside = [code for code in facts.participants_of(project) if code in region.by_code]
        if project.main_field == exempt or len(region.components(inside)) <= 1:
            continue
        (failing if project.main_field else open_names).append(project.name)
    known: dict[str, Any] = {"inputs": {**inputs, "failing": failing}, "compared": compared}
    if failing:
        return failed(
            f"{names_text([f'「{name}」' for name in failing])}は、参加する市町村が地図の上でつながっていません。"
            f"離れた市町村と取り組めるのは「{exempt}」を主な分野とする取組です。",
            nearest_change={"change_participants_of": failing},
            **known,
        )
    if open_names:
        return no_data(f"{names_text([f'「{name}」' for name in open_names])}の主な分野が未入力です。", **known)
    return passed(f"離れた市町村が加わる取組は、どれも「{exempt}」を主な分野としています。", **known)
