"""I-14 利用者: who may sign in, and the posts they hold.

One row is one post. The key is the person with the post (利用者ID, 所属, 役割, 開始日), because one person may hold
several; name and mail stand the same in all rows of a person. A post is never changed into another: it ends (終了日),
and the next one is a row of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from common.sheets import bulk, values
from common.sheets.fields import Choice, Context, Day, Problem, Reader, SheetField, Value
from common.sheets.kinds import PeriodsKind, register
from common.sheets.messages import Unreadable
from common.sheets.rows import Key, Rows
from common.viewer import OFFICE_DUTIES, Duty, OfficeKind
from municipalities.resources.towns import TO_NAMES, TownName, backward_periods, differing, overlapping_periods

from . import services
from .duties import PEOPLE
from .models import Office, Post, User

OFFICES = "offices"
LONGEST_WRITE = timedelta(hours=1)  # people made in this time before a write ended were made by it


class UserName(Reader):
    """The name a person signs in with: letters, digits and @ . + - _, at most 150 (E-64)."""

    told = "英数字と @ . + - _（150字以内）"
    sample = "naganuma-kikaku"

    def parse(self, cell: Any, ctx: Context) -> str | None:
        plain = values.code(cell, most=150)
        if plain is not None and not re.fullmatch(r"[\w.@+-]+", plain):
            raise Unreadable("E-64", reason=f"利用者ID「{plain}」は英数字と「@ . + - _」で入力してください。")
        return plain


class PersonName(Reader):
    """A person's name as written; only doubled spaces are narrowed."""

    told = "氏名"
    sample = "長沼 花子"

    def parse(self, cell: Any, ctx: Context) -> str | None:
        plain = values.text(cell, most=60)
        return None if plain is None else re.sub(r"[ \u3000]+", "　" if "　" in plain else " ", plain)


class Mail(Reader):
    """A mail address (E-64)."""

    told = "メールアドレス"
    sample = "kikaku@example.jp"

    def parse(self, cell: Any, ctx: Context) -> str | None:
        plain = values.text(cell, most=254)
        if plain is None:
            return None
        try:
            validate_email(plain)
        except ValidationError:
            raise Unreadable("E-64", reason=f"メールアドレスとして読み取れません（「{plain[:60]}」）。") from None
        return plain


class OfficeCode(Reader):
    """The office of a post: a 団体コード, the code of a bureau, a prefecture or an association, or the full name."""

    told = "団体コード、振興局・団体のコード、または名前"
    sample = "014281"

    def parse(self, cell: Any, ctx: Context) -> str | None:
        plain = values.code(cell, most=60)
        if plain is None:
            return None
        known: Mapping[str, list[Office]] = ctx.lookups.get(OFFICES, {})
        if plain in known:
            return str(known[plain][0].code)
        if re.fullmatch(r"\d{4,6}", plain):
            code = values.municipality_code(plain, known=known)
            if code is not None and code in known:
                return code
            raise Unreadable("E-07", value=plain)
        raise Unreadable("E-61", what="所属", value=plain)


@register
class People(PeriodsKind):
    """I-14 利用者."""

    hint = "利用者と役割。1行が1つの役割です。終える役割は終了日を入れます。"

    class Sheet:
        id, title = "I-14", "利用者"
        action = PEOPLE
        model = Post

    username = SheetField(
        "利用者ID",
        UserName(),
        key=True,
        required=True,
        attribute="user__username",
        synonyms=("ユーザーID", "ログインID", "職員番号"),
    )
    name = SheetField(
        "氏名",
        PersonName(),
        required=True,
        attribute="user__display_name",
        synonyms=("名前", "利用者名", "職員氏名"),
        width=16,
    )
    office = SheetField(
        "所属コード",
        OfficeCode(),
        key=True,
        required=True,
        attribute="office__code",
        synonyms=("所属", "所属団体コード", "組織コード"),
    )
    section = SheetField(
        "課・係", TownName(), key=True, attribute="office__section", synonyms=("課", "係", "部署", "課係")
    )
    duty = SheetField(
        "役割",
        Choice({duty.value: duty.label for duty in Duty}, also={duty.value: duty.value for duty in Duty}),
        key=True,
        required=True,
        attribute="duty",
        synonyms=("権限", "役割コード"),
        choices=[duty.label for duty in Duty],
    )
    valid_from = SheetField(
        "開始日", Day(), key=True, required=True, attribute="valid_from", synonyms=("着任日", "開始年月日", "発令日")
    )
    valid_to = SheetField("終了日", Day(), attribute="valid_to", synonyms=TO_NAMES)
    email = SheetField(
        "メール", Mail(), attribute="user__email", synonyms=("メールアドレス", "電子メール", "Email"), width=24
    )

    stand_ins = {"section": "office"}

    def prepare(self, ctx: Context) -> None:
        offices: dict[str, list[Office]] = defaultdict(list)
        for office in Office.objects.order_by("section"):
            for word in dict.fromkeys((office.code, office.name)):
                offices[word].append(office)
        ctx.lookups[OFFICES] = {word: rows for word, rows in offices.items() if len({row.code for row in rows}) == 1}

    def allows_empty_key(self, field: SheetField) -> bool:
        return field.name == "section"

    def empty_value(self, field: SheetField) -> Value:
        return "" if field.name == "email" else None

    def complete(self, columns: dict[str, list[Value]], ctx: Context) -> Iterable[Problem]:
        """Name the section where an office has only one; one that has several needs it (E-66)."""
        known: Mapping[str, list[Office]] = ctx.lookups[OFFICES]
        sections = columns["section"]
        for at, (code, section) in enumerate(zip(columns["office"], sections, strict=True)):
            held = [row.section for row in known.get(code, ())]
            if code is None or section in held:
                continue
            if section is not None or len(held) != 1:
                told = "、".join(one or "（なし）" for one in held)
                yield Problem(at, "section", "E-44", {"value": section or "", "choices": told})
            else:
                sections[at] = held[0]

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        known: Mapping[str, list[Office]] = ctx.lookups[OFFICES]
        yield from differing(records, "username", ("name", "email"))
        yield from backward_periods(records, "valid_from", "valid_to")
        for at, (code, duty) in enumerate(zip(records["office"], records["duty"], strict=True)):
            if code is None or duty is None or not known.get(code):
                continue
            office = known[code][0]
            if Duty(duty) not in OFFICE_DUTIES[OfficeKind(office.kind)]:
                reason = f"「{office.name}」に「{Duty(duty).label}」の役割はありません。"
                yield Problem(at, "duty", "E-64", {"reason": reason})
            elif self._foreign(office, ctx):
                yield Problem(at, "office", "E-18")
        things = list(zip(records["username"], records["office"], records["section"], records["duty"], strict=True))
        periods: dict[Any, dict[date, date | None]] = defaultdict(dict)
        rows = Post.objects.filter(user__username__in=set(records["username"]) - {None})
        told = rows.values_list("user__username", "office__code", "office__section", "duty", "valid_from", "valid_to")
        for *thing, begin, end in told:
            periods[tuple(thing)][begin] = end
        yield from overlapping_periods(records, things, periods, "valid_from", "valid_to")

    @staticmethod
    def _foreign(office: Office, ctx: Context) -> bool:
        """An office of another prefecture: its people are not the viewer's."""
        home = ctx.viewer.office.code if ctx.viewer.is_prefecture else ""
        place = office.code[:2] if office.kind in (OfficeKind.MUNICIPALITY, OfficeKind.PREFECTURE) else home
        return bool(home) and place != home

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        at = [one.name for one in ctx.keys].index("username")
        rows = Post.objects.filter(user__username__in={key[at] for key in keys}).order_by()
        found = bulk.read(rows, [str(one.attribute) for one in ctx.stored])
        places = [place for place, one in enumerate(ctx.stored) if one.key]
        return {tuple(row[place] for place in places): row for row in found}

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        for rows in (changed, new):  # a post that ends makes room for the next one
            if len(rows):
                services.keep_people(ctx.viewer, self._people(rows))

    def remove(self, rows: Rows, ctx: Context) -> None:
        offices = _office_ids()
        keys = [(row.username, row.office, row.duty, row.valid_from) for row in self._people(rows, offices)]
        made_since = ctx.written_at - LONGEST_WRITE if ctx.written_at else None
        services.drop_posts(ctx.viewer, keys, made_since=made_since)

    def lock(self, ctx: Context) -> None:
        bulk.lock(User)
        bulk.lock(Post)

    def _people(self, rows: Rows, offices: Mapping[tuple[str, str], int] | None = None) -> list[services.PersonRow]:
        offices = offices or _office_ids()
        mails = rows["email"] if "email" in rows else self._mails(rows)
        ends = rows["valid_to"] if "valid_to" in rows else self._ends(rows)
        return [
            services.PersonRow(username, name, mail or "", offices[code, section], duty, begin, end)
            for username, name, mail, code, section, duty, begin, end in zip(
                rows["username"],
                rows["name"],
                mails,
                rows["office"],
                rows["section"],
                rows["duty"],
                rows["valid_from"],
                ends,
                strict=True,
            )
        ]

    @staticmethod
    def _ends(rows: Rows) -> list[date | None]:
        """The last days as they stand, for a sheet without that column."""
        posts = Post.objects.filter(user__username__in=set(rows["username"])).values_list(
            "user__username", "office__code", "office__section", "duty", "valid_from", "valid_to"
        )
        stands = {tuple(key): end for *key, end in posts}
        return [
            stands.get(key)
            for key in zip(*map(rows.get, ("username", "office", "section", "duty", "valid_from")), strict=True)
        ]

    @staticmethod
    def _mails(rows: Rows) -> list[str]:
        """The mail addresses as they stand, for a sheet without that column."""
        stands = dict(User.objects.filter(username__in=set(rows["username"])).values_list("username", "email"))
        return [stands.get(name, "") for name in rows["username"]]


def _office_ids() -> dict[tuple[str, str], int]:
    return {(code, section): pk for pk, code, section in Office.objects.values_list("pk", "code", "section")}
