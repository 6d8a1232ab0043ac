"""A town's answers to a correction request, all in one go."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from common.viewer import Viewer

from .reviews import answer_item


@transaction.atomic
def answer_items(*, application_id: int, viewer: Viewer, answers: Mapping[int, str]) -> int:
    """Write the answers (item id → text); return how many. Raises what `reviews.answer_item` raises."""
    for item_id, answer in answers.items():
        answer_item(application_id=application_id, viewer=viewer, item_id=item_id, answer=answer)
    return len(answers)
