"""Every page as the offices of the prefecture work on it."""

from __future__ import annotations

import pytest

from scripts.screen_list import Screen

from .screens import Gallery, by_side


@pytest.mark.parametrize("screen", by_side(offices=True), ids=lambda screen: screen.name)
def test_a_page_is_whole_and_accessible(screen: Screen, gallery: Gallery):
    gallery.look(screen)
