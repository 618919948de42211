"""The one table from exceptions to problem+json (RFC 9457), Vietnamese first, English second."""

from collections.abc import Mapping
from typing import Any, cast

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from .command_handling import VersionMoved
from .decider import Refusal
from .event_store import Rebuilding, StoreUnavailable, StreamMoved

log = structlog.get_logger()

_WORDS: dict[int, tuple[str, str]] = {
    400: ("Yêu cầu không đọc được.", "The request cannot be read."),
    401: ("Hãy đăng nhập để tiếp tục.", "Sign in to go on."),
    403: ("Bạn không có quyền thực hiện việc này.", "You may not do this."),
    404: ("Không tìm thấy nội dung này.", "There is no such thing here."),
    405: ("Địa chỉ này không nhận thao tác này.", "This address does not take that method."),
    409: (
        "Nội dung này vừa thay đổi. Hãy tải lại rồi thử lại.",
        "It has just changed. Load it again and retry.",
    ),
    411: ("Yêu cầu phải ghi rõ độ dài.", "The request must state its length."),
    413: ("Nội dung gửi lên quá lớn.", "What was sent is too large."),
    415: ("Không nhận kiểu nội dung này.", "This kind of content is not accepted."),
    422: (
        "Có mục chưa đúng. Hãy sửa các mục được nêu.",
        "Some fields are not right. Mend those named.",
    ),
    428: ("Hãy gửi kèm phiên bản đã xem (If-Match).", "Send the version you have seen (If-Match)."),
    429: ("Bạn thao tác quá nhanh. Hãy chờ một lát.", "That was too fast. Wait a little."),
    500: (
        "Hệ thống gặp lỗi. Hãy thử lại; nếu vẫn gặp, hãy báo cho chúng tôi mã dưới đây.",
        "Something is wrong on our side. Try again; if it stays, tell us the number below.",
    ),
    503: (
        "Hệ thống tạm gián đoạn. Hãy thử lại sau ít giây; gửi lại cùng khóa sẽ không bị trùng.",
        "We are briefly away. Try again in a few seconds; the same key will not act twice.",
    ),
}

_CODES = {404: "not-found", 405: "no-such-method", 413: "too-large"}
"""What the framework says by a status alone."""

_FIELD_WORDS = {
    "missing": "Còn thiếu mục này.",
    "extra_forbidden": "Không có mục này.",
    "string_too_short": "Nội dung quá ngắn.",
    "string_too_long": "Nội dung quá dài.",
    "too_short": "Chưa đủ số lượng.",
    "too_long": "Vượt quá số lượng cho phép.",
    "greater_than_equal": "Giá trị quá nhỏ.",
    "less_than_equal": "Giá trị quá lớn.",
    "enum": "Hãy chọn một trong các giá trị cho phép.",
    "literal_error": "Hãy chọn một trong các giá trị cho phép.",
    "json_invalid": "Nội dung gửi lên không phải là JSON hợp lệ.",
}
_FIELD_WRONG = "Giá trị của mục này chưa đúng."

_TEXT = {"type": "string"}
_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "title_en", "status", "instance"],
    "properties": {
        "type": {**_TEXT, "pattern": "^urn:motcua:problem:", "description": "what it is, stable"},
        "title": {**_TEXT, "minLength": 1, "description": "in Vietnamese"},
        "title_en": {**_TEXT, "minLength": 1, "description": "in English"},
        "status": {"type": "integer"},
        "instance": {**_TEXT, "description": "the correlation id, as our logs have it"},
    },
}
_PROBLEM: dict[str, Any] = {
    "description": "What is wrong and what to do, in Vietnamese and English (RFC 9457)",
    "content": {"application/problem+json": {"schema": _SHAPE}},
}
PROBLEMS: dict[int | str, dict[str, Any]] = {"4XX": _PROBLEM, "5XX": _PROBLEM}
"""For `responses=` of an app: every route answers its errors alike."""


class Problem(Exception):
    """An error to be shown as it is: status, a stable code, and words in both languages."""

    def __init__(
        self,
        status: int,
        code: str,
        vi: str = "",
        en: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **extra: object,
    ) -> None:
        """Say what went wrong and what to do; without words, those of the status."""
        super().__init__(code)
        words = _WORDS[status]
        self.status, self.code = status, code
        self.vi, self.en = vi or words[0], en or words[1]
        self.headers = dict(headers or {})
        self.extra = extra


def problem_response(problem: Problem, request: Request) -> JSONResponse:
    """Write a problem as application/problem+json."""
    body: dict[str, object] = {
        "type": f"urn:motcua:problem:{problem.code}",
        "title": problem.vi,
        "title_en": problem.en,
        "status": problem.status,
        "instance": request.scope.get("correlation", ""),
        **problem.extra,
    }
    return JSONResponse(
        body,
        status_code=problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def _of_problem(problem: Problem) -> Problem:
    return problem


def _of_refusal(refusal: Refusal) -> Problem:
    vi, en = refusal.sentences()
    return Problem(
        refusal.status, _kebab(type(refusal).__name__), vi, en, details=list(refusal.details)
    )


def _of_validation(error: RequestValidationError) -> Problem:
    fields = [
        {
            "path": ".".join(str(part) for part in found["loc"]),
            "code": found["type"],
            "vi": _FIELD_WORDS.get(found["type"], _FIELD_WRONG),
            "en": found["msg"],
        }
        for found in cast("list[dict[str, Any]]", error.errors())
    ]
    unreadable = any(field["code"] == "json_invalid" for field in fields)
    return Problem(400 if unreadable else 422, "invalid-request", errors=fields)


def _of_http(error: HTTPException) -> Problem:
    status = error.status_code if error.status_code in _WORDS else 400
    code = _CODES.get(status, f"http-{error.status_code}")
    return Problem(status, code, headers=dict(error.headers or {}))


def _of_version(moved: VersionMoved) -> Problem:
    return Problem(409, "version-moved", current=moved.current, since=moved.since)


def _of_race(_: StreamMoved) -> Problem:
    return Problem(409, "version-moved", headers={"Retry-After": "1"})


def _of_outage(_: Exception) -> Problem:
    return Problem(503, "store-unavailable", headers={"Retry-After": "2"})


def _of_rebuild(_: Rebuilding) -> Problem:
    return Problem(
        503,
        "rebuilding",
        "Hệ thống đang dựng lại bảng tra cứu. Hãy thử lại sau ít phút.",
        "Read tables are being rebuilt. Try again in a few minutes.",
        headers={"Retry-After": "30"},
    )


def _of_text(_: Exception) -> Problem:
    return Problem(
        422,
        "unreadable-text",
        "Nội dung có ký tự không lưu được (ví dụ ký tự rỗng). Hãy bỏ các ký tự đó.",
        "The text has characters that cannot be stored, such as NUL. Take them out.",
    )


_TABLE: list[tuple[type[Exception], Any]] = [
    (Problem, _of_problem),
    (Refusal, _of_refusal),
    (RequestValidationError, _of_validation),
    (HTTPException, _of_http),
    (VersionMoved, _of_version),
    (StreamMoved, _of_race),
    (StoreUnavailable, _of_outage),
    (Rebuilding, _of_rebuild),
    (asyncpg.PostgresConnectionError, _of_outage),
    (asyncpg.InterfaceError, _of_outage),
    (asyncpg.InternalClientError, _of_outage),
    (asyncpg.CannotConnectNowError, _of_outage),
    (asyncpg.AdminShutdownError, _of_outage),
    (asyncpg.CrashShutdownError, _of_outage),
    (ConnectionError, _of_outage),
    (asyncpg.UntranslatableCharacterError, _of_text),
    (asyncpg.CharacterNotInRepertoireError, _of_text),
    (UnicodeEncodeError, _of_text),
]


def install_problems(app: FastAPI) -> None:
    """Answer every exception of an app as a problem; a defect is logged once, with its ids, never
    shown.
    """
    for kind, translate in _TABLE:
        app.add_exception_handler(kind, _answering(translate))

    async def defect(request: Request, error: Exception) -> JSONResponse:
        log.error("defect", correlation=request.scope.get("correlation", ""), exc_info=error)
        return problem_response(Problem(500, "defect"), request)

    app.add_exception_handler(Exception, defect)


def _answering(translate: Any) -> Any:
    async def answer(request: Request, error: Exception) -> JSONResponse:
        return problem_response(translate(error), request)

    return answer


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
