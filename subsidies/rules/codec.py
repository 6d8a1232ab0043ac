"""Dataclasses to JSON and back without loss.

A stored evaluation keeps its facts as JSON and is judged again years later, so what comes back must equal what went
in: dates as 2024-04-01, fractions as "2/5", choices by their value, tuples as lists. A field that did not exist when
the JSON was written takes its default; a key that no field knows is an error, never ignored.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = Any
"""None, bool, int, str, or lists and string-keyed dicts of these. Floats are refused: no number here is inexact."""


def encode(value: Any) -> Json:
    """Return the JSON form of a dataclass, enum, date, Fraction, tuple, mapping or plain value.

    Raises TypeError for anything else, floats above all.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(encode(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no exact JSON form")


def decode(kind: type[T], data: Json) -> T:
    """Return the `kind` (a dataclass) that `encode` wrote as `data`.

    Raises ValueError naming the key when a value is missing, unknown or of the wrong form.
    """
    result: T = _read(kind, data, kind.__name__)
    return result


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, data: Json, where: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or hint is object:
        return data
    if origin in (Union, types.UnionType):
        if data is None and type(None) in arguments:
            return None
        return _read(next(item for item in arguments if item is not type(None)), data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{where}: a list is needed")
        kinds = arguments[:1] * len(data) if arguments[-1] is Ellipsis else arguments
        return tuple(
            _read(item, value, f"{where}[{n}]") for n, (item, value) in enumerate(zip(kinds, data, strict=True))
        )
    if origin is frozenset:
        return frozenset(_read(arguments[0], value, where) for value in data)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(arguments[1], value, f"{where}.{key}") for key, value in data.items()}
    if hint is date:
        return date.fromisoformat(data)
    if hint is Fraction:
        return Fraction(data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if is_dataclass(hint):
        return _read_dataclass(hint, data, where)
    if type(data) is not hint:
        raise ValueError(f"{where}: {getattr(hint, '__name__', hint)} is needed, not {data!r}")
    return data


def _read_dataclass(kind: Any, data: Json, where: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: an object is needed")
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(data) - set(known)):
        raise ValueError(f"{where}: unknown keys {unknown}")
    hints = _hints(kind)
    values = {}
    for name, field in known.items():
        if name in data:
            values[name] = _read(hints[name], data[name], f"{where}.{name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{where}.{name} is missing")
    return kind(**values)
