"""Local government codes as municipalities store them; the arithmetic is `common.municipality_codes`."""

from django.core.exceptions import ValidationError

from common.municipality_codes import check_digit, full_code

__all__ = ["check_digit", "full_code", "validate_code"]


def validate_code(value: str) -> None:
    """Refuse a stored code whose last digit is wrong."""
    try:
        if full_code(value) != value:
            raise ValidationError("団体コードは6桁で入力してください。")
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from wrong
