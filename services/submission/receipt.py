"""The receipt an applicant keeps of what they handed in, on paper. Pure."""

from chassis.documents import Document, Facts, Letterhead, Paragraph, QrCode, Table
from contracts.http.dossiers import Manifest

from .deadlines import VIETNAM


def on_paper(manifest: Manifest) -> Document:
    """Set the receipt: what was handed in, file by file, each with its hash."""
    at = manifest.submitted_at.astimezone(VIETNAM)
    facts = [
        ("Mã nộp hồ sơ | Reference", manifest.reference),
        ("Mã số hồ sơ | Dossier code", manifest.code or "—"),
        ("Thủ tục | Procedure", manifest.name.vi),
        ("Nơi nhận | Received by", manifest.agency.name_vi),
        ("Nộp lúc | Handed in", f"{at:%H:%M, %d/%m/%Y}"),
        ("Tờ khai | Form", manifest.form or "—"),
    ]
    files = [
        (file.component, file.name, str(file.pages or ""), str(file.size), file.sha256)
        for file in manifest.files
    ]
    head = ("Thành phần", "Tệp", "Trang", "Byte", "SHA-256")
    return Document(
        title="Xác nhận nộp hồ sơ",
        subtitle="Confirmation of a dossier handed in",
        made_at=manifest.submitted_at,
        letterhead=Letterhead(left=(manifest.agency.name_vi,)),
        blocks=[
            Facts(facts),
            Table(head, files, widths=(3, 4, 1, 2, 6), right=frozenset({2, 3})),
            Paragraph("Giấy này không thay giấy tiếp nhận và hẹn trả kết quả."),
            QrCode(manifest.reference, manifest.reference),
        ],
    )
