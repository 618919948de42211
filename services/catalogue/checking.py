"""Whether a version of a procedure is sound: everything wrong at once, where, and why. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator

from chassis.forms import Fault, check_definition
from contracts.catalogue import ProcedureVersion
from contracts.form_definition import FieldType
from contracts.values import Component, ComponentKind, FeeTiming, LimitUnit, ResultChannel

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_KEY = 80
NATIONAL_CODE = re.compile(r"[0-9]\.[0-9]{6}(?:\.[A-Z0-9.]+)?")
PARTIAL_REASONS = frozenset({"presence", "inspection", "technical", "other"})
"""Why a procedure cannot be done wholly online (Nghị định 224/2026/NĐ-CP Đ14)."""

_PLAIN = (
    "Chỉ gồm chữ thường không dấu, số và gạch nối.",
    "Small letters, digits and hyphens only.",
)


def check_version(version: ProcedureVersion) -> list[Fault]:
    """Find everything that makes a version unfit to be published."""
    checks: tuple[Callable[[ProcedureVersion], Iterable[Fault]], ...] = (
        _names,
        _level,
        _limit,
        _fee,
        _components,
        _forms,
        _channels,
    )
    return [fault for check in checks for fault in check(version)]


def _names(version: ProcedureVersion) -> Iterator[Fault]:
    if not SLUG.fullmatch(version.key):
        yield Fault("key", *_PLAIN)
    if len(version.key) > LONGEST_KEY:
        vi, en = f"Nhiều nhất {LONGEST_KEY} ký tự.", f"{LONGEST_KEY} characters at most."
        yield Fault("key", vi, en)
    if version.code is not None and not NATIONAL_CODE.fullmatch(version.code):
        yield Fault("code", "Mã thủ tục phải có dạng N.NNNNNN.", "The code must be N.NNNNNN.")
    if not SLUG.fullmatch(version.sector):
        yield Fault("sector", *_PLAIN)
    for where in ("name_vi", "name_en", "sector_vi", "sector_en", "result_vi", "result_en"):
        if not getattr(version, where).strip():
            yield Fault(where, "Không được để trống.", "May not be empty.")


def _level(version: ProcedureVersion) -> Iterator[Fault]:
    if version.full_process != (version.level == 4):
        yield Fault("full_process", "Toàn trình là mức độ 4.", "Full process is level 4.")
    if version.level == 3 and version.partial_reason not in PARTIAL_REASONS:
        reasons = ", ".join(sorted(PARTIAL_REASONS))
        yield Fault("partial_reason", f"Phải nêu lý do: {reasons}.", f"State one of: {reasons}.")


def _limit(version: ProcedureVersion) -> Iterator[Fault]:
    if version.limit.unit is LimitUnit.SAME_DAY and version.limit.value != 1:
        yield Fault("limit.value", "Trong ngày thì giá trị là 1.", "A same-day limit has value 1.")
    if version.supplement_days < 1:
        yield Fault("supplement_days", "Phải ít nhất 1 ngày.", "Must be at least 1 day.")


def _fee(version: ProcedureVersion) -> Iterator[Fault]:
    fee = version.fee
    if fee.per_page and fee.timing is FeeTiming.SUBMISSION:
        vi = "Thu theo trang thì chỉ biết số tiền khi tiếp nhận."
        yield Fault("fee.timing", vi, "A fee per page is known at intake only.")
    counted = {
        asked.key
        for form in version.forms
        for section in form.sections
        for asked in section.fields
        if asked.type is FieldType.INTEGER and not section.repeat
    }
    if fee.quantity_field is not None and fee.quantity_field not in counted:
        vi, en = "Không có trường số nguyên này.", "No form has such a whole-number field."
        yield Fault("fee.quantity_field", vi, en)


def _components(version: ProcedureVersion) -> Iterator[Fault]:
    codes = [component.code for component in version.components]
    for number, component in enumerate(version.components):
        where = f"components.{number}"
        if not SLUG.fullmatch(component.code) or codes.count(component.code) > 1:
            yield Fault(
                f"{where}.code",
                "Mã chỉ gồm chữ thường không dấu, số và gạch nối, và không trùng.",
                "Not in small letters, digits and hyphens, or used twice.",
            )
        if component.copies < 1:
            yield Fault(f"{where}.copies", "Phải ít nhất 1 bản.", "Must be at least 1.")
        yield from _offered(version, component, where)


def _offered(version: ProcedureVersion, component: Component, where: str) -> Iterator[Fault]:
    if bool(component.forms) != (component.kind is ComponentKind.FORM):
        vi = "Thành phần loại biểu mẫu phải nêu biểu mẫu; loại khác thì không."
        yield Fault(f"{where}.forms", vi, "A component of kind form names forms; others do not.")
    known = {form.code for form in version.forms}
    for code in component.forms:
        if code not in known:
            yield Fault(f"{where}.forms", f"Không có biểu mẫu {code}.", f"There is no form {code}.")


def _forms(version: ProcedureVersion) -> Iterator[Fault]:
    offered = {code for component in version.components for code in component.forms}
    codes = [form.code for form in version.forms]
    if not offered:
        vi = "Phải có ít nhất một biểu mẫu điện tử."
        yield Fault("components", vi, "At least one form must be offered.")
    for number, form in enumerate(version.forms):
        if form.code not in offered or codes.count(form.code) > 1:
            vi, en = "Biểu mẫu thừa hoặc bị trùng.", "The form is offered nowhere, or stands twice."
            yield Fault(f"forms.{number}", vi, en)
        for fault in check_definition(form):
            yield Fault(f"forms.{number}.{fault.where}", fault.vi, fault.en)


def _channels(version: ProcedureVersion) -> Iterator[Fault]:
    for where in ("channels", "eligible"):
        values = getattr(version, where)
        if not values or len(set(values)) != len(values):
            yield Fault(where, "Phải có ít nhất một, không trùng.", "At least one, none twice.")
    if version.level == 4 and set(version.channels) <= {ResultChannel.DESK}:
        vi = "Toàn trình thì kết quả phải trả được trực tuyến hoặc qua bưu chính."
        yield Fault("channels", vi, "Full process hands results over online or by post too.")
