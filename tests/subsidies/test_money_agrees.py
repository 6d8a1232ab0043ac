"""Whatever is tried in whatever order: budget, ledger, papers and settlement stay equal to the yen."""

from __future__ import annotations

from random import Random

import pytest

from common import audit
from common.models import DocumentIssue
from subsidies.models import Application

from .lives import assert_books_agree, lives

pytestmark = pytest.mark.django_db
STEPS = 180
ENDS = ("settled", "closed", "revoked", "return_ordered", "fixed", "inspected", "reported", "report_due", "running",
        "change_review", "stop_review", "suspended", "discontinued")  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_in_random_lives_the_books_agree_after_every_act(seed: int):
    random = Random(seed)
    grants = lives(random, 2)
    call = grants[0].row.call_id
    assert_books_agree(call)
    done: list[str] = []
    for _ in range(STEPS):
        life = random.choice(grants)
        DocumentIssue.objects.filter(pdf="").update(pdf="drawn.pdf", sha256="0" * 64, pages=1)  # as the worker does
        if life.step():
            done.append(life.tried)
            assert_books_agree(call)
    assert len(set(done)) >= 6, f"the lives went too short a way: {done}"
    assert audit.first_broken() is None
    assert set(Application.objects.filter(call=call).values_list("state", flat=True)) <= set(ENDS)
