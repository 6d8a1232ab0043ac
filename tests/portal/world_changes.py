"""Of the world of the access matrix: grants that change while the work runs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from subsidies.models import Application
from tests.subsidies.change_cases import begun, delayed

if TYPE_CHECKING:
    from tests.factories.subsidies import Scene


class Changing:
    """What addresses of changes name."""

    scene: Scene

    def _in_a_call_of_its_own(self, until: str) -> Application:
        """A grant of its own that stands there."""
        return self.scene.application(until)

    @cached_property
    def changing(self) -> Application:
        """長沼町 is still writing a change of a running grant."""
        return begun(self.scene, self._in_a_call_of_its_own("running")).application

    @cached_property
    def delayed(self) -> Application:
        """A delay was reported and the bureau has not looked at it yet."""
        return delayed(self.scene, self._in_a_call_of_its_own("running")).application
