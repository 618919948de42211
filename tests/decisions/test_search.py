"""How people find a procedure: without accents, without spaces, in their own words."""

import pytest
from forms_at_hand import catalogue
from hypothesis import given
from hypothesis import strategies as some

from services.catalogue.search import fold, joined, with_synonyms


def found(words: str) -> set[str]:
    """Search as the catalogue's query does: all the words, or all of them written together."""
    hits: set[str] = set()
    for version in catalogue().procedures:
        text = with_synonyms(", ".join((version.name_vi, version.name_en, *version.synonyms)))
        every = all(word in fold(text) for word in fold(words).split())
        if every or joined(words) in joined(text):
            hits.add(version.key)
    return hits


@pytest.mark.parametrize(
    "words",
    ["khai sinh", "khaisinh", "dang ky khai sinh", "ĐĂNG KÝ KHAI SINH", "khai sinh đăng ký",
     "dangkykhaisinh", "  Khai-sinh! ", "gks", "birth registration"],
)  # fmt: skip
def test_birth_registration_is_found_however_it_is_typed(words: str):
    assert "dang-ky-khai-sinh" in found(words)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("độc thân", "cap-giay-xac-nhan-tinh-trang-hon-nhan"),
        ("giay chung tu", "dang-ky-khai-tu"),
        ("sao y", "chung-thuc-ban-sao-tu-ban-chinh-giay-to-van-ban"),
        ("doi ten", "dang-ky-thay-doi-cai-chinh-bo-sung-thong-tin-ho-tich"),
    ],
)
def test_what_people_say_finds_what_the_law_says(words: str, key: str):
    assert key in found(words)


def test_what_is_nowhere_is_not_found():
    assert found("hộ chiếu phổ thông") == set()


def test_d_with_a_stroke_is_a_d_and_marks_fall_away():
    assert fold("Đường thủy  NỘI-địa, số 1") == "duong thuy noi dia so 1"
    assert fold("Đ\u01b0\u01a1\u0300ng") == "duong"
    assert joined("Đăng ký khai sinh") == "dangkykhaisinh"


@given(some.text(max_size=50))
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()
