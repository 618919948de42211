"""Files of drafts and dossiers: sent once, refused where they do not belong, opened, taken out."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from at_hand import signed_in
from good_files import docx, heic, pdf
from submission_at_hand import AN, BINH, FREE, NewDatabase, Place, named, town


async def put(
    place: Place, dossier: UUID, file: UUID, content: bytes, **changes: Any
) -> httpx.Response:
    """Send a file, with something about it changed."""
    given: dict[str, Any] = {
        "component": "id-card",
        "name": "căn cước.pdf",
        "person": AN,
        **changes,
    }
    return await place.http.put(
        f"/dossiers/{dossier}/files/{file}",
        params={"component": given["component"]},
        content=content,
        headers=signed_in("citizen", given["person"]) | named(given["name"]),
    )


async def test_the_same_file_again_is_the_same_file(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier, file, content = await place.begin(AN), uuid4(), pdf(3)
        first = await put(place, dossier, file, content)
        again = await put(place, dossier, file, content)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json() and first.json()["pages"] == 3
        other = await put(place, dossier, file, pdf(2))
        assert other.status_code == 409
        elsewhere = await put(place, await place.begin(BINH), file, content, person=BINH)
        assert elsewhere.status_code == 409
        answer = await place.http.get(
            f"/dossiers/{dossier}/files/{file}", headers=signed_in("citizen", AN)
        )
        assert answer.content == content and answer.headers["x-content-type-options"] == "nosniff"
        assert len(await place.rows("select from files")) == 1


async def test_a_photograph_from_a_phone_is_kept_as_a_jpeg(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier, file = await place.begin(AN), uuid4()
        sent = await put(place, dossier, file, heic(), name="ảnh.heic")
        again = await put(place, dossier, file, heic(), name="ảnh.heic")
        assert (sent.status_code, again.status_code) == (201, 200)
        assert (sent.json()["name"], sent.json()["media_type"]) == ("ảnh.jpg", "image/jpeg")


async def test_a_word_document_is_taken_only_where_the_procedure_says_so(
    database: NewDatabase,
) -> None:
    form, card = FREE.components
    worded = FREE.model_copy(
        update={"key": "worded", "components": (form, card.model_copy(update={"docx": True}))}
    )
    async with town(database) as place:
        await place.rows(
            "insert into procedures values ($1, 1, $2, now())", "worded", worded.model_dump_json()
        )
        answers = [
            await put(place, await place.begin(AN, key), uuid4(), docx(), name="đơn.docx")
            for key in ("free", "worded")
        ]
    assert [answer.status_code for answer in answers] == [422, 201]
    assert answers[0].json()["title_en"]


async def test_a_file_that_does_not_belong_is_refused(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        cases: list[tuple[int, bytes, dict[str, Any]]] = [
            (422, pdf(), {"component": "passport"}),
            (404, pdf(), {"person": BINH}),
            (422, b"<html>", {"name": "trang.html"}),
            (422, b"GIF89a", {}),
            (422, b"", {}),
        ]
        for status, content, changes in cases:
            answer = await put(place, dossier, uuid4(), content, **changes)
            assert answer.status_code == status, answer.text
            assert answer.json()["title"] and answer.json()["title_en"]
        assert await place.rows("select from files") == []


async def test_a_dossier_has_room_for_a_hundred_megabytes(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier, first = await place.begin(AN), uuid4()
        await put(place, dossier, first, pdf())
        owner = await asyncpg.connect(place.database.url("owner"))
        await owner.execute("update files set size = 100 * 1024 * 1024")
        await owner.close()
        full = await put(place, dossier, uuid4(), pdf())
        assert full.status_code == 413 and full.json()["type"].endswith("dossier-too-large")
        headers = signed_in("citizen", AN)
        gone = await place.http.delete(f"/dossiers/{dossier}/files/{first}", headers=headers)
        assert gone.status_code == 204
        assert (await put(place, dossier, uuid4(), pdf())).status_code == 201
        assert (
            await place.http.get(f"/dossiers/{dossier}/files/{first}", headers=headers)
        ).status_code == 404
