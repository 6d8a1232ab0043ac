"""The ground: prefectures, bureaus, municipalities, population, projections, boundaries, neighbours."""

from .acting import ActingHead
from .boundary import Adjacency, Boundary
from .indicator import Indicator, IndicatorValue
from .office import Bureau, Jurisdiction, Prefecture
from .place import Municipality
from .population import PopulationFigure, PopulationSeries
from .service import ServiceField, ServiceMeasure
from .source import DataSource

__all__ = [
    "ActingHead",
    "Adjacency",
    "Boundary",
    "Bureau",
    "DataSource",
    "Indicator",
    "IndicatorValue",
    "Jurisdiction",
    "Municipality",
    "PopulationFigure",
    "PopulationSeries",
    "Prefecture",
    "ServiceField",
    "ServiceMeasure",
]
