"""Rows of the access matrix: sign-in, people, absence and hand-over; the municipalities."""

from __future__ import annotations

from .row import ALL, HANDS_OVER, NOBODY, TOWN, Row, handover, only

LOOKED_UP = [
    Row("accounts:sign_in", public=True, answers=302),  # whoever is signed in goes on to the start page
    Row("accounts:sample_sign_in", public=True, post={"username": "nobody"}, ok=NOBODY, hidden=ALL),
    Row("accounts:sign_out", post={}, answers=302),
    Row("accounts:post_switch", post={"office": "0"}, ok=NOBODY, hidden=ALL),
    Row("accounts:password_change"),
    Row("accounts:rhythm"),
    Row("accounts:absence_list"),
    Row("accounts:absence_export"),
    Row("accounts:absence_new"),
    Row("accounts:absence_detail", named=("absence",), ok=TOWN | only("AD"), hidden=ALL - TOWN - only("AD")),
    Row(
        "accounts:absence_end",
        named=("absence",),
        post={},
        answers=302,
        ok=only("MA", "AD"),
        hidden=ALL - TOWN - only("AD"),
    ),
    Row("accounts:person_list", ok=only("MA", "BM", "HS", "HM", "AU", "AD")),
    Row("accounts:person_export", ok=only("MA", "BM", "HS", "HM", "AU", "AD")),
    Row("accounts:handover_list", ok=HANDS_OVER | only("HS", "HM", "AU")),
    Row("accounts:handover_export", ok=HANDS_OVER | only("HS", "HM", "AU")),
    Row("accounts:handover_new", ok=HANDS_OVER),
    handover("accounts:handover_detail", only("MP", "MA", "HS", "HM", "AU", "AD")),
    handover("accounts:handover_edit", only("MP", "MA", "AD")),
    handover("accounts:handover_confirm", only("MA", "AD"), post={}, answers=302),
    handover("accounts:handover_undo", only("MA", "AD"), post={}, answers=302),
    handover("accounts:handover_discard", only("MP", "MA", "AD"), post={}, answers=302),
    Row("municipalities:municipality_list", ok=ALL - only("AC")),
    Row("municipalities:municipality_export", ok=ALL - only("AC")),
    Row("municipalities:municipality_detail", named=("town",), ok=ALL - only("AC"), open_to_strangers=True),
    Row(
        "municipalities:municipality_acting",
        named=("town",),
        ok=ALL - only("AC"),
        open_to_strangers=True,
        writers=only("MA"),
    ),
    Row(
        "municipalities:municipality_acting_end",
        named=("town",),
        ok=ALL - only("AC"),
        open_to_strangers=True,
        writers=only("MA"),
    ),
]
