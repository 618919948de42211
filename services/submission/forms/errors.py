"""What can be wrong with a filled form, in words: Vietnamese first, English second.

The words name the field and never repeat what was written in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.form_definition import FormField, FormRule, Section


@dataclass(frozen=True)
class FieldError:
    """One thing to mend. `path` is `section.field` or `section.row.field`, rows counted from 0.

    `also` names the other fields of a rule that was not kept.
    """

    path: str
    code: str
    vi: str
    en: str
    also: tuple[str, ...] = ()


class Wrong(Exception):
    """A value that cannot be accepted: which words to use, and where inside the value."""

    def __init__(self, code: str, at: str = "", limit: str = "") -> None:
        super().__init__(code)
        self.code, self.at, self.limit = code, at, limit


WORDS: Mapping[str, tuple[str, str]] = {
    "required": ("Chưa điền “{vi}”.", "“{en}” must be filled in."),
    "text": ("“{vi}” phải là chữ.", "“{en}” must be text."),
    "character": (
        "“{vi}” có ký tự điều khiển hoặc ký tự ẩn không được dùng.",
        "“{en}” holds a control or invisible character.",
    ),
    "too_long": ("“{vi}” dài quá {limit} ký tự.", "“{en}” is longer than {limit} characters."),
    "pattern": ("“{vi}” chưa đúng dạng.", "“{en}” is not written in the right form."),
    "person_name": ("“{vi}” chỉ gồm chữ cái.", "“{en}” may hold letters only."),
    "date": ("“{vi}” phải là ngày có thật (năm-tháng-ngày).", "“{en}” must be a date: YYYY-MM-DD."),
    "partial_date": (
        "“{vi}” phải là năm, năm-tháng hoặc năm-tháng-ngày.",
        "“{en}” must be YYYY, YYYY-MM or YYYY-MM-DD.",
    ),
    "after_today": ("“{vi}” không được sau hôm nay.", "“{en}” may not be after today."),
    "before_today": ("“{vi}” không được trước hôm nay.", "“{en}” may not be before today."),
    "citizen_id": ("“{vi}” phải gồm đúng 12 chữ số.", "“{en}” must be exactly 12 digits."),
    "phone": ("“{vi}” phải là số điện thoại.", "“{en}” must be a telephone number."),
    "email": ("“{vi}” phải là địa chỉ thư điện tử.", "“{en}” must be an e-mail address."),
    "not_listed": ("“{vi}” không có trong danh mục.", "“{en}” is not in its list."),
    "option": ("“{vi}” phải là một lựa chọn đã cho.", "“{en}” must be one of the options."),
    "options": ("“{vi}” phải là danh sách lựa chọn.", "“{en}” must be a list of options."),
    "repeated": ("“{vi}” có lựa chọn bị lặp.", "“{en}” holds an option twice."),
    "boolean": ("“{vi}” phải là có hoặc không.", "“{en}” must be true or false."),
    "declaration": ("Cần xác nhận lời cam đoan.", "The declaration must be confirmed."),
    "whole": ("“{vi}” phải là số nguyên.", "“{en}” must be a whole number."),
    "number": ("“{vi}” phải là số.", "“{en}” must be a number."),
    "precision": (
        "“{vi}” có quá nhiều chữ số.",
        "“{en}” has too many digits.",
    ),
    "too_small": ("“{vi}” không được nhỏ hơn {limit}.", "“{en}” may not be below {limit}."),
    "too_large": ("“{vi}” không được lớn hơn {limit}.", "“{en}” may not be above {limit}."),
    "address": ("“{vi}” phải là một địa chỉ.", "“{en}” must be an address."),
    "part_required": ("“{vi}” còn thiếu một phần.", "“{en}” lacks a part."),
    "unknown_part": ("“{vi}” có phần không nhận ra.", "“{en}” has an unknown part."),
    "file_ref": ("“{vi}” phải là mã tệp đã tải lên.", "“{en}” must be the id of an uploaded file."),
    "form": ("Biểu mẫu phải là một đối tượng.", "The form must be an object."),
    "section": ("Mục “{vi}” phải là một đối tượng.", "Section “{en}” must be an object."),
    "rows": ("Mục “{vi}” phải là danh sách dòng.", "Section “{en}” must be a list of rows."),
    "too_few_rows": ("Mục “{vi}” cần ít nhất {limit} dòng.", "“{en}” needs {limit} rows or more."),
    "too_many_rows": ("Mục “{vi}” chỉ được {limit} dòng.", "“{en}” may have {limit} rows."),
    "unknown_section": ("Biểu mẫu không có mục này.", "The form has no such section."),
    "unknown_field": ("Mục “{vi}” không có trường này.", "Section “{en}” has no such field."),
}


def field_error(path: str, asked: FormField, wrong: Wrong) -> FieldError:
    """Say what is wrong with the value of a field."""
    where = f"{path}.{wrong.at}" if wrong.at else path
    vi, en = WORDS[wrong.code]
    named = {"vi": asked.label_vi, "en": asked.label_en, "limit": wrong.limit}
    return FieldError(where, wrong.code, vi.format_map(named), en.format_map(named))


def section_error(path: str, section: Section, code: str, limit: int = 0) -> FieldError:
    """Say what is wrong with a whole section or one of its rows."""
    vi, en = WORDS[code]
    named = {"vi": section.title_vi, "en": section.title_en, "limit": limit}
    return FieldError(path, code, vi.format_map(named), en.format_map(named))


def form_error(path: str, code: str) -> FieldError:
    """Say what is wrong with the form as a whole."""
    return FieldError(path, code, *WORDS[code])


def rule_error(path: str, rule: FormRule, also: tuple[str, ...]) -> FieldError:
    """Say, in the rule's own words, that it was not kept."""
    return FieldError(path, "rule", rule.message_vi, rule.message_en, also)
