"""What an applicant gives when asked: new values checked against the form, papers sent before."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis.problems import Problem
from contracts.form_definition import FormDefinition
from contracts.http.submission import Supplement
from contracts.values import DossierId, FileId, PersonId

from .content import Content, mended, value_at
from .copies import Copies
from .dossier.events import Answer, Paper
from .drafts import in_the_form, keepable
from .file_store import FileStore
from .forms.errors import FieldError
from .forms.filled import check_filled
from .views import Whole


class Supplementing:
    """Puts an answer together."""

    def __init__(self, copies: Copies, files: FileStore) -> None:
        """Take the forms of procedure versions, and the files that were sent."""
        self._copies, self._files = copies, files

    async def answer(
        self, whole: Whole, sender: PersonId, given: Supplement, today: date
    ) -> Answer:
        """Read the new values and find the papers; what is wrong is named, field by field."""
        papers = [
            await self._paper(whole.view.id, sender, file) for file in dict.fromkeys(given.files)
        ]
        if not given.values:
            return Answer(papers=tuple(papers))
        definition = await self._form(whole)
        if definition is None:
            raise Problem(422, "no-form", *_NO_FORM)
        if not keepable(given.values):
            raise Problem(422, "unreadable-text")
        fields, wrong = read_fields(definition, whole.content, given.values, today)
        if wrong:
            errors = [in_the_form(error).model_dump() for error in wrong]
            raise Problem(422, "supplement-wrong", errors=errors)
        return Answer(fields=fields, papers=tuple(papers))

    async def _paper(self, dossier: UUID, sender: PersonId, file: UUID) -> Paper:
        kept = await self._files.find(DossierId(dossier), FileId(file))
        if kept is None or kept.named or kept.uploader != sender:
            raise Problem(
                422,
                "file-not-sent",
                "Có tệp chưa được tải lên hồ sơ này, hoặc đã nộp rồi.",
                "A file was not sent to this dossier, or was handed in before.",
                details=[str(file)],
            )
        return kept.paper

    async def _form(self, whole: Whole) -> FormDefinition | None:
        filing, terms = whole.content.filing, whole.dossier.terms
        procedure = await self._copies.procedure(terms.procedure, terms.procedure_version)
        forms = procedure.forms if procedure and filing else ()
        return next((form for form in forms if filing and form.code == filing.form), None)


def read_fields(
    definition: FormDefinition, content: Content, fields: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], list[FieldError]]:
    """Read new values in the form they belong to; errors elsewhere in it are not this answer's."""
    read = check_filled(definition, mended(content, fields), today)
    wrong = [error for error in read.errors if _concerns(error.path, fields, content)]
    kept = {
        item: read.values if item in content.form_of else value_at(read.values, item)
        for item in fields
    }
    return kept, wrong


def _concerns(path: str, fields: Mapping[str, Any], content: Content) -> bool:
    return not content.form_of.isdisjoint(fields) or any(
        f"{path}.".startswith(f"{item}.") or f"{item}.".startswith(f"{path}.") for item in fields
    )


_NO_FORM = (
    "Hồ sơ này không có tờ khai điện tử để sửa; hãy đính kèm tờ khai.",
    "This dossier has no form filled in here; attach it as a paper.",
)
