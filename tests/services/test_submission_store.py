"""The personal store beside the dossiers: papers reused, forms filled in, results brought home."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from at_hand import running_clock, signed_in
from good_files import pdf
from submission_at_hand import NewDatabase, Place, named, town
from test_accounts import Accounts, running_accounts


@asynccontextmanager
async def both(
    database: NewDatabase, folder: Path
) -> AsyncGenerator[tuple[Place, Accounts, UUID, dict[str, Any]]]:
    """Run accounts and submission beside each other, with one citizen who has an account."""
    async with running_accounts(await database("accounts"), folder / "accounts") as accounts:
        an = await accounts.citizen()
        address = str(accounts.client.base_url)
        more = {"accounts_url": address, "blobs_url": f"file://{folder / 'submission'}"}
        async with town(database, **more) as place:
            yield place, accounts, an, more


async def keep(accounts: Accounts, person: UUID, content: bytes) -> UUID:
    """Put a paper into the personal store."""
    document = uuid4()
    answer = await accounts.client.put(
        f"/documents/{document}",
        content=content,
        headers=signed_in("citizen", person) | named("căn cước.pdf"),
    )
    assert answer.status_code == 201, answer.text
    return document


async def test_a_stored_paper_is_attached_as_a_copy_with_consent(
    database: NewDatabase, tmp_path: Path
) -> None:
    async with both(database, tmp_path) as (place, accounts, an, _):
        paper = pdf()
        document = await keep(accounts, an, paper)
        dossier = await place.begin(an)
        await place.write(an, dossier)
        chosen = {"document_id": str(document), "component": "id-card"}
        headers = signed_in("citizen", an)
        first, again = [
            await place.http.post(f"/dossiers/{dossier}/files", json=chosen, headers=headers)
            for _ in range(2)
        ]
        assert first.status_code == 201 and first.json() == again.json()
        assert (first.json()["source"], first.json()["name"]) == ("store", "căn cước.pdf")
        given = await accounts.client.get(f"/documents/{document}/consents", headers=headers)
        assert [consent["dossier_id"] for consent in given.json()] == [str(dossier)]
        assert (await place.submit(an, dossier)).status_code == 201
        await accounts.client.post(f"/documents/{document}/revocation", headers=headers)
        kept = await place.http.get(
            f"/dossiers/{dossier}/files/{first.json()['file_id']}", headers=headers
        )
        assert kept.content == paper
        other = await place.begin(an)
        ended = await place.http.post(
            f"/dossiers/{other}/files", json=chosen, headers=signed_in("citizen", an)
        )
        assert ended.status_code == 404


async def test_a_form_is_filled_beforehand_where_accounts_answers(
    database: NewDatabase, tmp_path: Path
) -> None:
    async with both(database, tmp_path) as (place, _, an, _more):
        dossier = await place.begin(an)
        draft = await place.http.get(f"/drafts/{dossier}", headers=signed_in("citizen", an))
        assert draft.json()["known"]["TK01"] == {"person": {"full_name": "Nguyễn Văn An"}}
    async with town(database) as place:
        dossier = await place.begin(an)
        draft = await place.http.get(f"/drafts/{dossier}", headers=signed_in("citizen", an))
        assert draft.status_code == 200
        assert draft.json()["known"] == {"TK01": {}}
        chosen = {"document_id": str(uuid4()), "component": "id-card"}
        away = await place.http.post(
            f"/dossiers/{dossier}/files", json=chosen, headers=signed_in("citizen", an)
        )
        assert away.status_code in (404, 503)


async def test_a_collected_result_goes_home_by_itself(
    database: NewDatabase, tmp_path: Path
) -> None:
    async with both(database, tmp_path) as (place, accounts, an, more):
        dossier = await place.hand_in(an)
        await place.process(dossier)
        await place.ask(an, dossier, "collection")
        async with running_clock("submission", place.database, **more):
            papers = await home(accounts, an)
        assert papers[0]["dossier_id"] == str(dossier) and papers[0]["kind"] == "result"
        shown = await place.look(an, dossier)
        assert papers[0]["sha256"] == shown["result"]["sha256"]


async def home(accounts: Accounts, person: UUID) -> list[dict[str, Any]]:
    """Wait until something lies in a person's store."""
    for _ in range(200):
        headers = signed_in("citizen", person)
        if papers := (await accounts.client.get("/documents", headers=headers)).json():
            return papers
        await asyncio.sleep(0.1)
    raise AssertionError("nothing came")
