"""What leaves this service: a copy of an issued result goes into the applicant's personal store."""

from uuid import UUID

import httpx

from chassis.errands import Errand, Hopeless, Job
from contracts.values import DossierId, FileId

from .file_store import FileStore
from .gateway import Accounts


def result_home(files: FileStore, accounts: Accounts) -> Errand:
    """Put a result into its applicant's store; accounts stands being told twice."""

    async def call(job: Job) -> None:
        dossier, file = DossierId(job.subject), FileId(UUID(str(job.payload["file"])))
        kept = await files.find(dossier, file)
        if kept is None or not kept.file.sha256:
            raise Hopeless("the result was erased")
        content = await files.open(dossier, kept)
        person = UUID(str(job.payload["person"]))
        try:
            await accounts.keep_result(person, file, dossier, kept.file.name, content)
        except httpx.HTTPStatusError as cause:
            if cause.response.status_code in (404, 410):
                raise Hopeless("the person has no account any more") from cause
            raise

    return Errand(call, timeout=60)
