"""The head that every paper shares, and how a dataclass of a paper becomes a frozen snapshot."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True)
class Head:
    """Who writes to whom under which number.

    `title` names the PDF and the row in lists; `heading` is what stands in the middle of the paper, line by line.
    `number` and `issued_on` of an issued paper are filled in by `issue()`; a form of a town carries the town's own.
    `addressee` and `sender` are lines (地域の名称, then 代表　京極町長); 様 and （公印省略） are added by the template.
    `numbered` leaves room for a number (第　　　号) in a draft. `form_no` (様式第6号（第7条関係）) comes from the
    configuration; `copies_to` are others who get the letter (写し).
    """

    title: str
    heading: tuple[str, ...]
    form_no: str = ""
    number: str = ""
    issued_on: date | None = None
    addressee: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    seal_omitted: bool = False
    numbered: bool = True
    copies_to: tuple[str, ...] = ()


def freeze(paper: "DataclassInstance") -> dict[str, Any]:
    """Return the paper as the plain JSON that is stored: dates as ISO text, tuples as lists."""
    return plain(asdict(paper))


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return a deep copy as JSON will give it back from the database."""
    copy: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False))
    return copy
