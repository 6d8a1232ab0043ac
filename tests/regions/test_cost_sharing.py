"""Costs are split exactly: shares sum to 100 %, amounts to the total, whatever the towns."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from regions import services
from regions.agreement_costs import split_of
from regions.cost_sharing import WHOLE, amounts, exact_shares, percent, rounded
from tests.factories.municipalities import people

PEOPLE = st.dictionaries(st.sampled_from([f"01{n:04}" for n in range(60)]), st.integers(0, 2_000_000), min_size=2)


@given(PEOPLE.filter(lambda people: sum(people.values()) > 0), st.integers(0, WHOLE), st.integers(0, 10**12))
def test_shares_and_amounts_always_sum_to_the_whole(people, equal_bp, total):
    codes = sorted(people)
    exact = exact_shares(codes, people, equal_bp)
    shares = rounded(exact)
    assert sum(exact.values()) == 1
    assert sum(shares.values()) == WHOLE
    assert all(abs(shares[code] - exact[code] * WHOLE) < 1 for code in codes)
    paid = amounts(total, shares, codes[0])
    assert sum(paid.values()) == total
    assert all(paid[code] <= Fraction(total * shares[code], WHOLE) for code in codes[1:])


def test_a_third_goes_to_the_first_in_code_order():
    shares = rounded(exact_shares(["014281", "014273", "014290"], {}, WHOLE))
    assert shares == {"014273": 3334, "014281": 3333, "014290": 3333}
    assert amounts(100, shares, "014281") == {"014273": 33, "014281": 34, "014290": 33}
    assert [percent(share) for share in (3334, 5, 10_000)] == ["33.34", "0.05", "100.00"]


def test_half_equal_half_by_people():
    shares = exact_shares(["a", "b"], {"a": 3_000, "b": 1_000}, 5_000)
    assert shares == {"a": Fraction(5, 8), "b": Fraction(3, 8)}


def test_nobody_to_split_by_is_no_split():
    with pytest.raises(ValueError, match="no people"):
        exact_shares(["a", "b"], {"a": 0, "b": 0}, 0)


def drafted(world):
    draft = services.AgreementDraft("連携協定", framework=True)
    return services.create_agreement(world.region.pk, draft, viewer=world.planner())


def test_the_split_by_population_names_the_census_it_rests_on(world):
    people(world.naganuma, "census", 2020, 300, 1_700, 1_000)
    people(world.yuni, "census", 2020, 100, 500, 400)
    agreement = services.save_costs(drafted(world).pk, method="both", equal_bp=5000, viewer=world.planner())
    split = split_of(agreement, {"014281": None, "014273": None})
    assert split.shares == {"014273": 3750, "014281": 6250}
    assert split.basis == "均等割50％、人口割50％。人口割は令和2年国勢調査の人口による"


def test_a_town_without_people_holds_back_the_consent(world):
    agreement = drafted(world)
    services.save_costs(agreement.pk, method="population", viewer=world.planner())
    with pytest.raises(Refused, match="人口割を計算できません"):
        services.start_consent(agreement.pk, viewer=world.planner())


def test_fixed_shares_may_be_saved_unfinished_but_not_consented_to(world):
    agreement = drafted(world)
    shares = {"014281": 6_000, "014273": 3_000}
    services.save_costs(agreement.pk, method="custom", shares=shares, viewer=world.planner())
    with pytest.raises(Refused, match=r"いま90\.00％"):
        services.start_consent(agreement.pk, viewer=world.planner())
    services.save_costs(agreement.pk, method="custom", shares=shares | {"014273": 4_000}, viewer=world.planner())
    assert services.start_consent(agreement.pk, viewer=world.planner()).asked_content["costs"]["rows"][0] == {
        "name": "由仁町", "percent": "40.00", "amount_yen": 400_000, "code": "014273",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"method": "dice"}, "決め方を選んでください"),
        ({"method": "both", "equal_bp": 10_000}, "100％より小さい"),
        ({"method": "custom", "shares": {"014290": 1}}, "当事者についてだけ"),
        ({"method": "custom", "shares": {"014281": 10_001}}, "0％から100％まで"),
    ],
)
def test_a_split_that_cannot_be_is_refused(world, given, sentence):
    agreement = drafted(world)
    with pytest.raises(Refused, match=sentence):
        services.save_costs(agreement.pk, viewer=world.planner(), **given)
    agreement.refresh_from_db()
    assert agreement.cost_method == "none"
