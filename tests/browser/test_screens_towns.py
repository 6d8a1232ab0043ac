"""Every page as towns, their associations and whoever has not signed in see it."""

from __future__ import annotations

import pytest

from scripts.screen_list import Screen

from .screens import Gallery, by_side


@pytest.mark.parametrize("screen", by_side(offices=False), ids=lambda screen: screen.name)
def test_a_page_is_whole_and_accessible(screen: Screen, gallery: Gallery):
    gallery.look(screen)
