"""Of the world of the access matrix: a person for each duty, inside the territory of its region and outside it."""

from __future__ import annotations

from common.viewer import Duty, OfficeKind, Viewer
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.viewers import saved, viewer

FAR_TOWN, FAR_BUREAU = "012025", "oshima"
TERRITORIAL = [
    duty for duty in Duty if viewer(duty).office.kind in (OfficeKind.MUNICIPALITY, OfficeKind.BUREAU)
]  # the others see the whole prefecture


class Peopled:
    """Who opens the addresses."""

    def person(self, duty: Duty) -> Viewer:
        """The holder of the duty inside the territory: in the leading town, in its bureau, at headquarters."""
        return saved(viewer(duty, municipality="014281", bureau="sorachi", user_id=800_000 + list(Duty).index(duty)))

    def stranger(self, duty: Duty) -> Viewer:
        """The holder of the same duty in a town or bureau that has nothing to do with it."""
        town = MunicipalityFactory(code=FAR_TOWN, name="函館市", bureau=BureauFactory(code=FAR_BUREAU))
        return saved(viewer(duty, municipality=town.code, bureau=FAR_BUREAU, user_id=810_000 + list(Duty).index(duty)))
