"""The confirmation an applicant keeps of what they handed in, as data and on paper. Pure."""

from chassis.documents import Document, Facts, Letterhead, Paragraph, QrCode, Table
from contracts.http.dossiers import Manifest, ManifestGroup, Names
from contracts.values import VIETNAM

from .timeline import ERASED
from .views import Whole, file_view


def manifest(whole: Whole) -> Manifest:
    """List what was handed in, so that the applicant can hold anybody to it."""
    view, terms, content = whole.view, whole.dossier.terms, whole.content
    files = [file_view(paper) for paper in content.papers]
    return Manifest(
        reference=view.reference,
        code=view.code,
        name=Names(vi=terms.name_vi, en=terms.name_en),
        agency=terms.receiving,
        submitted_at=view.submitted_at,
        form=content.filing.form if content.filing else None,
        groups=[ManifestGroup(key=k, fields=len(v)) for k, v in content.values.items()],
        files=files,
        size=sum(file.size for file in files),
        erased=whole.dossier.erased,
    )


def on_paper(manifest: Manifest) -> Document:
    """Set the confirmation: what was handed in, file by file, each with its hash."""
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
            *([Paragraph(f"Giấy tờ: {ERASED}.")] if manifest.erased else []),
            Paragraph("Giấy này không thay giấy tiếp nhận và hẹn trả kết quả."),
            QrCode(manifest.reference, manifest.reference),
        ],
    )
