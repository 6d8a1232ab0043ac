"""Of the world of the access matrix: a person for each duty, inside the territory of its region and outside it."""

from __future__ import annotations

from django.test import Client

from common.viewer import Duty, OfficeKind, Viewer
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.viewers import client_for, saved, viewer

FAR_TOWN, FAR_BUREAU = "012025", "oshima"
TERRITORIAL = [
    duty for duty in Duty if viewer(duty).office.kind in (OfficeKind.MUNICIPALITY, OfficeKind.BUREAU)
]  # the others see the whole prefecture


class Peopled:
    """Who opens the addresses; whoever did it once is signed in for good (`sessions`, by user id)."""

    def __init__(self) -> None:
        self.sessions: dict[int | None, str] = {}

    def everybody_signed_in(self) -> None:
        """Sign in every person of both territories, outside of what a test undoes."""
        for person in [*map(self.person, Duty), *map(self.stranger, TERRITORIAL)]:
            self.sessions[person.user_id] = client_for(person).cookies["sessionid"].value

    def client(self, person: Viewer) -> Client:
        """A browser of that person."""
        browser = Client()
        browser.cookies["sessionid"] = self.sessions[person.user_id]
        return browser

    def person(self, duty: Duty) -> Viewer:
        """The holder of the duty inside the territory: in the leading town, in its bureau, at headquarters."""
        return saved(viewer(duty, municipality="014281", bureau="sorachi", user_id=800_000 + list(Duty).index(duty)))

    def stranger(self, duty: Duty) -> Viewer:
        """The holder of the same duty in a town or bureau that has nothing to do with it."""
        town = MunicipalityFactory(code=FAR_TOWN, name="函館市", bureau=BureauFactory(code=FAR_BUREAU))
        return saved(viewer(duty, municipality=town.code, bureau=FAR_BUREAU, user_id=810_000 + list(Duty).index(duty)))
