"""Fiscal years (年度) and Japanese eras (和暦).

A fiscal year is the int of its 1 April (Local Autonomy Act art. 208): 2024 is 令和6年度. FY2019 as a whole is
令和元年度, while its April still reads 平成31年4月.
"""

import re
import unicodedata
from datetime import date, timedelta

ERAS = (  # first day, name, letter
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)
ERA_FIRST_YEAR = {"令和": 2019, "R": 2019, "平成": 1989, "H": 1989, "昭和": 1926, "S": 1926, "大正": 1912, "T": 1912}
WEEKDAYS = "月火水木金土日"
_ERA_YEAR = re.compile(r"^(令和|平成|昭和|大正|R|H|S|T)\.?(元|\d{1,2})(?:年度?|FY)?$", re.IGNORECASE)
_WESTERN_YEAR = re.compile(r"^(?:FY)?((?:19|20)\d\d)(?:年度?)?$", re.IGNORECASE)
_ERA_DATE = re.compile(
    r"^(令和|平成|昭和|大正|R|H|S|T)\.?(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?$", re.IGNORECASE
)
_WESTERN_DATE = re.compile(r"^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:[ T]00:00(?::00)?)?$")


class FiscalYear(int):
    """A fiscal year that knows how it is written.

    >>> FiscalYear.parse("令和６年度")
    FiscalYear(2024)
    """

    def __repr__(self) -> str:
        return f"FiscalYear({int(self)})"

    @classmethod
    def of(cls, day: date) -> "FiscalYear":
        """Return the fiscal year that contains the day."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: object) -> "FiscalYear":
        """Read 令和6年度, R6, H31, 2024, FY2024 or 令和元年度, also in full-width digits; H32 is 2020.

        Raises ValueError with a Japanese sentence.
        """
        plain = _plain(text)
        if match := _WESTERN_YEAR.match(plain):
            return cls(int(match[1]))
        if match := _ERA_YEAR.match(plain):
            return cls(_era_year(match[1], match[2]))
        raise ValueError(f"年度として読み取れません（「{text}」）。例：令和6年度、R6、2024")

    @property
    def first_day(self) -> date:
        return date(self, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self + 1, 3, 31)

    @property
    def books_close_on(self) -> date:
        """出納閉鎖: the last day on which money of this year can be paid (Local Autonomy Act art. 235-5)."""
        return date(self + 1, 5, 31)

    def is_old(self, day: date) -> bool:
        """Whether on the day this year is over while its books are still open (1 April to 31 May)."""
        return self.last_day < day <= self.books_close_on

    @property
    def wareki(self) -> str:
        """令和6年度; the era of the year's last day names it, so FY2019 is 令和元年度."""
        era, year = _era(self.last_day)
        number = year - 1 if (self.last_day.year - int(self)) else year
        if number == 0:  # the era began between January and March: the year keeps the older era
            era, number = _era(self.first_day)
        return f"{era}{'元' if number == 1 else number}年度"

    @property
    def short(self) -> str:
        """R6, as table heads write it; FY2019 is R1."""
        name = self.wareki.removesuffix("年度")
        return _letter(name[:2]) + name[2:].replace("元", "1")

    @property
    def full(self) -> str:
        """令和6年度（2024）, as screens write it once."""
        return f"{self.wareki}（{int(self)}）"


def wareki(day: date | None, *, weekday: bool = False) -> str:
    """Return 令和6年4月18日, with weekday 令和6年4月18日（木）; empty for None."""
    if day is None:
        return ""
    era, year = _era(day)
    text = f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{text}（{WEEKDAYS[day.weekday()]}）" if weekday else text


def short_day(day: date | None) -> str:
    """Return 4月18日（木）, for lists inside one year; empty for None."""
    return "" if day is None else f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def compact_day(day: date | None) -> str:
    """Return R6.4.18, for tables with many days; 元年 is 1 (R1.5.1); empty for None."""
    if day is None:
        return ""
    era, year = _era(day)
    return f"{_letter(era)}{year}.{day.month}.{day.day}"


def parse_day(text: object) -> date:
    """Read 令和6年4月1日, R6.4.1, 令和元年5月1日, 2024/4/1, 2024-04-01 or an Excel serial day; full-width too.

    Raises ValueError with a Japanese sentence.
    """
    if isinstance(text, date):
        return text
    plain = _plain(text)
    try:
        if match := _WESTERN_DATE.match(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _ERA_DATE.match(plain):
            return date(_era_year(match[1], match[2]), int(match[3]), int(match[4]))
        if re.fullmatch(r"\d{5}(\.0+)?", plain):
            return date(1899, 12, 30) + timedelta(days=int(float(plain)))
    except ValueError:
        pass
    raise ValueError(f"日付として読み取れません（「{text}」）。例：令和6年4月1日、2024/4/1")


def _plain(text: object) -> str:
    return unicodedata.normalize("NFKC", str(text)).replace(" ", "").strip()


def _letter(era: str) -> str:
    return next(letter for _, name, letter in ERAS if name == era)


def _era(day: date) -> tuple[str, int]:
    for first, name, _ in ERAS:
        if day >= first:
            return name, day.year - first.year + 1
    raise ValueError(f"明治より前の日付です（{day}）。")


def _era_year(era: str, number: str) -> int:
    year = 1 if number == "元" else int(number)
    if year == 0:
        raise ValueError("元号の年は1以上です。")
    return ERA_FIRST_YEAR[era.upper() if len(era) == 1 else era] + year - 1
