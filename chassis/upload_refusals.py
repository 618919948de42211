"""Why a file is refused, in words that say what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from .problems import Problem

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "file-empty": (
            "Tệp không có nội dung. Hãy kiểm tra lại tệp trên máy của bạn rồi gửi lại.",
            "The file is empty. Check it on your device and send it again.",
        ),
        "file-too-large": (
            "Tệp lớn hơn {limit}. Hãy giảm dung lượng hoặc tách thành nhiều tệp rồi gửi lại.",
            "The file is larger than {limit}. Make it smaller or split it, and send it again.",
        ),
        "file-type-not-allowed": (
            "Không nhận loại tệp này. Hãy gửi tệp có đuôi {allowed}.",
            "This type of file is not accepted. Send a file ending in {allowed}.",
        ),
        "file-type-mismatch": (
            "Nội dung tệp không phải là {named} như đuôi tệp ghi. "
            "Hãy lưu lại tệp đúng định dạng rồi gửi lại.",
            "The content is not {named} as the file's ending says. "
            "Save it again in the right format and send that.",
        ),
        "file-misnamed": (
            "Đuôi tệp ghi là {named} nhưng nội dung là {found}. Hãy sửa đuôi tệp rồi gửi lại.",
            "The file's ending says {named} but it is {found}. Correct the ending and send it "
            "again.",
        ),
        "file-cut-off": (
            "Tệp bị thiếu phần cuối, có thể do gửi hoặc chép chưa xong. Hãy gửi lại tệp đầy đủ.",
            "The end of the file is missing, perhaps a copy was cut short. Send the whole file.",
        ),
        "file-unreadable": (
            "Không đọc được tệp này. Hãy mở thử trên máy của bạn, lưu lại thành tệp mới "
            "rồi gửi lại.",
            "This file cannot be read. Open it on your device, save it as a new file and send "
            "that.",
        ),
        "file-foreign-data": (
            "Trong tệp có lẫn dữ liệu của loại tệp khác. Hãy mở tệp, lưu lại thành tệp mới "
            "rồi gửi lại.",
            "Data of another type is hidden in the file. Open it, save it as a new file and "
            "send that.",
        ),
        "file-too-complex": (
            "Tệp quá phức tạp để kiểm tra. Hãy in ra tệp PDF mới hoặc chụp ảnh giấy tờ "
            "rồi gửi lại.",
            "The file is too complex to be checked. Print it to a new PDF or photograph the "
            "paper, and send that.",
        ),
        "picture-too-large": (
            "Ảnh có quá nhiều điểm ảnh. Hãy giảm kích thước ảnh (dưới 50 triệu điểm ảnh) "
            "rồi gửi lại.",
            "The picture has too many pixels. Reduce it to less than 50 megapixels and send that.",
        ),
        "pdf-encrypted": (
            "Tệp PDF có mật khẩu hoặc bị hạn chế quyền. Hãy bỏ mật khẩu và hạn chế "
            "(hoặc in ra tệp PDF mới) rồi gửi lại.",
            "The PDF has a password or restrictions. Remove them, or print it to a new PDF, "
            "and send that.",
        ),
        "pdf-active": (
            "Tệp PDF có phần tự chạy (mã lệnh, biểu mẫu động, âm thanh hoặc phim). "
            "Hãy mở tệp, chọn In, lưu thành PDF mới rồi gửi lại.",
            "The PDF holds parts that act by themselves (scripts, dynamic forms, sound, film). "
            "Open it, choose Print, save as a new PDF and send that.",
        ),
        "pdf-attachments": (
            "Trong tệp PDF có đính kèm tệp khác. Hãy gửi từng tệp riêng, hoặc in ra PDF mới.",
            "Other files are attached inside the PDF. Send each one by itself, or print it to a "
            "new PDF.",
        ),
        "docx-macros": (
            "Tệp Word có macro hoặc đối tượng nhúng. Hãy lưu thành PDF rồi gửi lại.",
            "The Word file holds macros or embedded objects. Save it as PDF and send that.",
        ),
        "docx-external": (
            "Tệp Word lấy nội dung từ nơi khác (mẫu, ảnh hoặc dữ liệu liên kết). "
            "Hãy lưu thành PDF rồi gửi lại.",
            "The Word file fetches content from elsewhere (a template, linked pictures or data). "
            "Save it as PDF and send that.",
        ),
        "file-infected": (
            "Phần mềm quét virus báo tệp này có mã độc. Tệp không được nhận; "
            "hãy quét virus máy của bạn và gửi tệp khác.",
            "The virus scanner says this file is infected. It was not accepted; scan your device "
            "and send another file.",
        ),
    }
)


class UploadRefused(Problem):
    """A file is not accepted; shown as problem+json with words that say what to do."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        """Take a stable code and the words in both languages."""
        super().__init__(413 if code == "file-too-large" else 422, code, vi, en)


def refused(code: str, **words: str) -> UploadRefused:
    """Make a refusal from the table of words."""
    vi, en = WORDS[code]
    return UploadRefused(code, vi.format(**words), en.format(**words))
