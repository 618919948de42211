"""Words as people type them: without accents, without spaces, or in other words than the law's."""

import re
import unicodedata

WORDS = re.compile(r"[a-z0-9]+")

SYNONYMS = (
    ("khai sinh", "giấy khai sinh, gks, sinh con"),
    ("khai tử", "báo tử, giấy chứng tử, qua đời"),
    ("kết hôn", "đăng ký hôn nhân, giấy hôn thú, cưới"),
    ("tình trạng hôn nhân", "độc thân, chưa kết hôn"),
    ("trích lục", "bản sao hộ tịch"),
    ("cải chính", "sửa sai, đổi tên, đổi họ"),
    ("chứng thực", "công chứng, sao y"),
    ("mai táng", "tang lễ, chôn cất"),
    ("hưu trí xã hội", "người già, tuổi già, người cao tuổi"),
    ("bảo trợ xã hội", "trợ cấp xã hội"),
    ("khuyết tật", "tàn tật"),
    ("phương tiện thủy", "tàu, thuyền, ghe"),
    ("nhóm trẻ", "nhà trẻ, mẫu giáo, mầm non"),
    ("liệt sĩ", "thân nhân người có công"),
)
"""The law's words, and what people say instead."""


def fold(text: str) -> str:
    """Give the bare words: lower case, without accents and marks, `đ` as `d`, one space between."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(WORDS.findall("".join(c for c in bare if unicodedata.category(c) != "Mn")))


def joined(text: str) -> str:
    """Give the bare words written together, as people type them in a hurry."""
    return fold(text).replace(" ", "")


def with_synonyms(text: str) -> str:
    """Add to a text what people say instead of its words."""
    bare = f" {fold(text)} "
    return ", ".join([text, *(said for law, said in SYNONYMS if f" {fold(law)} " in bare)])
