"""Numbers of papers: in order, per office, purpose and year; a gap is logged and never filled again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from common.documents import Numbering, Purpose, take_number, void_number
from common.errors import Refused
from common.models import AuditEvent, NumberEntry, NumberSequence
from common.viewer import SYSTEM, Office, OfficeKind

SHIRIBESHI = Office(OfficeKind.BUREAU, "shiribeshi", "後志総合振興局")
SORACHI = Office(OfficeKind.BUREAU, "sorachi", "空知総合振興局")
ORDER = Numbering(Purpose.ORDER, office="後", section="地政")
SUBJECT = ("subsidies.application", 1)


def take(numbering: Numbering = ORDER, office: Office = SHIRIBESHI, on: date = date(2026, 11, 21)) -> NumberEntry:
    return take_number(numbering, office=office, on=on, subject=SUBJECT)


@pytest.mark.django_db
def test_numbers_follow_each_other_and_read_as_the_pattern_says():
    assert [take().text for _ in range(3)] == ["後地政第1号指令", "後地政第2号指令", "後地政第3号指令"]


@pytest.mark.django_db
def test_offices_purposes_and_years_count_for_themselves():
    take()
    letter = Numbering(Purpose.DOCUMENT, office="後", section="地政")
    receipt = Numbering(Purpose.RECEIPT, office="後", section="地政")
    assert take(letter).text == "後地政第1号"
    assert take(receipt).text == "後地政収第1号"
    assert take(Numbering(Purpose.ORDER, office="空"), SORACHI).text == "空第1号指令"
    assert take(on=date(2027, 3, 31)).value == 2
    assert take(on=date(2027, 4, 1)).value == 1


@pytest.mark.django_db
def test_a_calendar_year_turns_on_new_years_day():
    by_calendar = Numbering(Purpose.ORDER, office="後", calendar_year=True)
    assert take(by_calendar, on=date(2026, 12, 31)).sequence.year == 2026
    assert take(by_calendar, on=date(2027, 1, 1)).sequence.year == 2027


@pytest.mark.django_db
def test_a_new_year_goes_on_with_the_pattern_that_the_office_chose():
    take(Numbering(Purpose.ORDER, office="後", pattern="{office}企画{指令}第{n}号"))
    assert take(on=date(2027, 4, 1)).text == "後企画指令第1号"
    NumberSequence.objects.filter(year=2027).update(pattern="{office}{指令}{n}")
    assert take(on=date(2028, 4, 1)).text == "後指令1"


@pytest.mark.django_db
def test_a_number_of_a_failed_act_was_never_taken():
    take()
    with pytest.raises(RuntimeError), transaction.atomic():
        take()
        raise RuntimeError
    assert take().value == 2
    assert NumberEntry.objects.count() == 2


@pytest.mark.django_db
def test_a_gap_is_logged_with_its_reason_and_never_used_again():
    entry = take()
    voided = void_number(entry, "印刷の誤りのため", viewer=SYSTEM)
    assert (voided.void_reason, voided.voided_at is not None) == ("印刷の誤りのため", True)
    assert take().value == 2
    event = AuditEvent.objects.get()
    assert (event.action, event.reason, event.title) == (
        "number.void",
        "印刷の誤りのため",
        "後地政第1号指令を欠番とした",
    )
    for reason in ("", "もう一度"):
        with pytest.raises(Refused):
            void_number(entry, reason, viewer=SYSTEM)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_offices_clerks_at_once_get_eight_different_numbers():
    barrier = Barrier(8)

    def one(_: int) -> int:
        barrier.wait()
        try:
            return take().value
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as clerks:
        taken = sorted(clerks.map(one, range(8)))
    assert taken == list(range(1, 9))
