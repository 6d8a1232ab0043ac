"""Two people at one form: nothing that either typed is lost, and only what both changed is asked about."""

import pytest

from common.merging import canonical, merge

BASE = {"title": ["研修"], "purpose": ["人材を育てる"]}


def test_fields_that_different_people_changed_come_together():
    mine, latest = BASE | {"title": ["合同研修"]}, BASE | {"purpose": ["職員を育てる"]}
    merged = merge(BASE, mine, latest)
    assert merged.values == {"title": ["合同研修"], "purpose": ["職員を育てる"]}
    assert (merged.taken, merged.clashes) == (("purpose",), ())


def test_a_field_that_both_changed_alike_is_no_clash():
    both = BASE | {"title": ["合同研修"]}
    assert merge(BASE, both, both).clashes == ()


def test_a_field_that_both_changed_differently_keeps_what_this_person_typed_and_says_so():
    merged = merge(BASE, BASE | {"title": ["合同研修"]}, BASE | {"title": ["共同研修"]})
    assert (merged.values["title"], merged.clashes) == (["合同研修"], ("title",))


def test_what_one_emptied_stays_empty():
    merged = merge(BASE, {"purpose": BASE["purpose"]}, BASE)
    assert "title" not in merged.values


@pytest.mark.parametrize(
    ("base", "typed"), [("1,000,000", "1000000"), ("１，０００円", "1000"), ("令和8年12月1日", "2026/12/1")]
)
def test_the_same_amount_or_day_written_otherwise_is_no_change(base, typed):
    latest = {"x": [base], "title": ["新しい"]}
    merged = merge({"x": [base], "title": ["古い"]}, {"x": [typed], "title": ["古い"]}, latest)
    assert (merged.values["title"], merged.clashes) == (["新しい"], ())


def test_a_table_is_compared_whole_because_rows_have_no_lasting_name():
    base = canonical({"costs-0-amount_yen": ["100"], "costs-1-amount_yen": ["200"]}, ["costs"])
    mine = canonical({"costs-0-amount_yen": ["100"], "costs-7-amount_yen": ["300"]}, ["costs"])
    latest = canonical({"costs-0-amount_yen": ["100"]}, ["costs"])
    merged = merge(base, mine, latest, ["costs"])
    assert merged.clashes == ("costs",)
    assert merged.values == {"costs-0-amount_yen": ["100"], "costs-1-amount_yen": ["300"]}
    assert merge(base, base, latest, ["costs"]).values == latest


def test_ticks_never_clash():
    base, mine, latest = (["a", "b"], ["a", "c"], ["a", "b", "d"])
    merged = merge({"member": base}, {"member": mine}, {"member": latest}, sets=["member"])
    assert (merged.values["member"], merged.clashes) == (["a", "d", "c"], ())


def test_rows_are_counted_anew_and_empty_ones_left_out():
    posted = {"costs-4-x": ["b"], "costs-2-x": ["a"], "costs-3-x": [" "], "title": [""], "note": ["1行\r\n2行"]}
    assert canonical(posted, ["costs"]) == {"costs-0-x": ["a"], "costs-1-x": ["b"], "note": ["1行\n2行"]}
