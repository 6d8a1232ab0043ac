"""The sheets of the ground: municipalities, offices, neighbours, people, indicators (I-01 … I-05, I-16)."""

from .. import layouts
from .indicators import IndicatorValues
from .neighbours import Neighbours
from .places import Bureaus, Municipalities
from .population import PopulationActuals, PopulationProjections

__all__ = [
    "Bureaus",
    "IndicatorValues",
    "Municipalities",
    "Neighbours",
    "PopulationActuals",
    "PopulationProjections",
    "layouts",
]
