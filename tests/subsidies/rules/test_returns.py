"""Additions to returned money as advice: days as the law counts them, exact shares, cut off below one yen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from subsidies.rules.returns import Receipt, addition, late_interest, rate_text

RATE = Fraction("0.1095")  # what the law of 適正化 names; the ruleset of a call says which holds


class TestAddition:
    def test_a_whole_year_with_both_ends_is_one_day_more(self):
        """From 1 April to 31 March are 365 days: exactly 10.95 % of the sum."""
        advice = addition(
            [Receipt(date(2026, 4, 1), 1_000_000)], returned_yen=1_000_000, until=date(2027, 3, 31), rate=RATE
        )
        assert (advice.lines[0].days, advice.yen) == (365, 109_500)

    def test_a_leap_year_has_no_other_rate(self):
        """The rate is for 365 days also where 29 February lies between."""
        advice = addition(
            [Receipt(date(2027, 4, 1), 1_000_000)], returned_yen=1_000_000, until=date(2028, 3, 31), rate=RATE
        )
        assert (advice.lines[0].days, advice.yen) == (366, 109_800)

    def test_received_and_returned_on_one_day_is_one_day(self):
        advice = addition([Receipt(date(2026, 6, 1), 36_500)], returned_yen=36_500, until=date(2026, 6, 1), rate=RATE)
        assert (advice.lines[0].days, advice.yen) == (1, 10)  # 10.95 yen, cut off

    def test_of_several_payments_the_last_comes_back_first(self):
        receipts = [Receipt(date(2026, 6, 1), 4_000_000), Receipt(date(2026, 10, 1), 1_000_000)]
        advice = addition(receipts, returned_yen=1_500_000, until=date(2026, 10, 31), rate=RATE)
        assert [(line.base_yen, line.days) for line in advice.lines] == [(1_000_000, 31), (500_000, 153)]
        assert advice.yen == int(Fraction(1_000_000 * 31 + 500_000 * 153, 365) * RATE)

    def test_what_came_back_before_counts_no_more(self):
        receipts = [Receipt(date(2026, 6, 1), 4_000_000), Receipt(date(2026, 10, 1), 1_000_000)]
        advice = addition(receipts, returned_yen=500_000, until=date(2026, 10, 31), rate=RATE, came_back_yen=1_200_000)
        assert [(line.base_yen, line.first_on) for line in advice.lines] == [(500_000, date(2026, 6, 1))]

    def test_more_than_was_received_cannot_come_back(self):
        with pytest.raises(ValueError, match="1 yen more"):
            addition([Receipt(date(2026, 6, 1), 100)], returned_yen=101, until=date(2026, 7, 1), rate=RATE)

    def test_shares_are_cut_off_once_and_not_line_by_line(self):
        """Twice 0.6 yen are one yen; cut off in each line they would be none."""
        receipts = [Receipt(date(2026, 6, day), 2_000) for day in (1, 1)]
        advice = addition(receipts, returned_yen=4_000, until=date(2026, 6, 1), rate=RATE)
        assert [int(line.exact_yen) for line in advice.lines] == [0, 0]
        assert advice.yen == 1


class TestLateInterest:
    def test_it_runs_from_the_day_after_the_due_day(self):
        advice = late_interest(base_yen=1_000_000, due_on=date(2026, 12, 1), paid_on=date(2026, 12, 11), rate=RATE)
        assert (advice.lines[0].first_on, advice.lines[0].days, advice.yen) == (date(2026, 12, 2), 10, 3_000)

    def test_in_time_is_nothing(self):
        advice = late_interest(base_yen=1_000_000, due_on=date(2026, 12, 1), paid_on=date(2026, 12, 1), rate=RATE)
        assert (advice.lines, advice.yen) == ((), 0)


def test_what_is_kept_with_an_order_reads_line_by_line():
    advice = late_interest(base_yen=1_000_000, due_on=date(2026, 12, 1), paid_on=date(2026, 12, 11), rate=RATE)
    kept = advice.as_json()
    assert kept["rate"] == "10.95％"
    assert kept["lines"][0]["period"] == "令和8年12月2日から令和8年12月11日まで"
    assert (kept["lines"][0]["days"], kept["lines"][0]["shown"], kept["yen"]) == (10, "3,000.00", 3_000)


@pytest.mark.parametrize(
    ("rate", "said"), [("0.1095", "10.95％"), ("0.05", "5％"), ("0.145", "14.5％"), ("1/3", "1/3")]
)
def test_a_rate_reads_as_officials_write_it(rate: str, said: str):
    assert rate_text(Fraction(rate)) == said
