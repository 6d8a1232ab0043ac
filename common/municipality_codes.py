"""Local government codes (全国地方公共団体コード): 6 characters, the last one a check digit. Pure arithmetic."""

import re
import unicodedata

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(code5: str) -> str:
    """Return the check digit of a 5-digit code: (11 − Σ weight × digit mod 11) mod 10.

    >>> check_digit("01100")
    '2'
    """
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code5, strict=True))
    return str((11 - total % 11) % 10)


def full_code(text: object) -> str:
    """Return the 6-digit code of a code with 5 or 6 digits or with its leading zero lost (1100 → 011002).

    Raises ValueError with a Japanese sentence (E-06 wording for a wrong check digit).
    """
    plain = plain_code(text)
    if not re.fullmatch(r"[0-9]{4,6}", plain):
        raise ValueError(f"団体コード「{text}」は5桁または6桁の数字で入力してください。")
    if len(plain) == 6:
        right = check_digit(plain[:5])
        if plain[5] != right:
            raise ValueError(f"団体コード「{plain}」の検査数字が一致しません（正：{plain[:5]}{right}）。")
        return plain
    code5 = plain.zfill(5)
    return code5 + check_digit(code5)


def plain_code(text: object) -> str:
    """Return a code as typed in half-width, without the spaces around it and the .0 of a number."""
    return re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", str(text)).strip())
