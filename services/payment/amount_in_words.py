"""Amounts of money in Vietnamese words, as a receipt must state them (NĐ 254/2026 Đ23.2). Pure."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", " nghìn", " triệu")
_BILLION = 10**9
_LARGEST = 10**18


def amount_in_words(dong: int) -> str:
    """Read an amount: `8000` is "Tám nghìn đồng"."""
    if not 0 <= dong < _LARGEST:
        raise ValueError(f"not an amount of money: {dong}")
    words = f"{_read(dong) or _DIGITS[0]} đồng"
    return words[0].upper() + words[1:]


def _read(number: int, *, after: bool = False) -> str:
    """Read a number; `after` something was read before it, its zeros are spoken."""
    billions, rest = divmod(number, _BILLION)
    parts: list[str] = []
    if billions:
        parts.append(f"{_read(billions, after=after)} tỷ")
    for power, scale in ((2, _SCALES[2]), (1, _SCALES[1]), (0, _SCALES[0])):
        group = rest // 1000**power % 1000
        if group:
            parts.append(_read_group(group, spoken_zeros=after or bool(parts)) + scale)
    return " ".join(parts)


def _read_group(group: int, *, spoken_zeros: bool) -> str:
    hundreds, rest = divmod(group, 100)
    parts: list[str] = []
    if hundreds or spoken_zeros:
        parts.append(f"{_DIGITS[hundreds]} trăm")
    if rest:
        parts.append(_read_below_hundred(rest, after_hundreds=bool(parts)))
    return " ".join(parts)


def _read_below_hundred(number: int, *, after_hundreds: bool) -> str:
    tens, unit = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[unit]}" if after_hundreds else _DIGITS[unit]
    spoken = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    return f"{spoken} {_unit_after_tens(tens, unit)}" if unit else spoken


def _unit_after_tens(tens: int, unit: int) -> str:
    if unit == 5:
        return "lăm"
    if tens > 1 and unit in (1, 4):
        return "mốt" if unit == 1 else "tư"
    return _DIGITS[unit]
