"""The personal document store over HTTP: papers in, copies out with a consent, never others'."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from at_hand import as_service, running_api, settings_of, signed_in
from good_files import docx, heic, pdf, picture

import services.accounts.documents
from chassis.clock import utc_now
from chassis.service import Service, open_tools
from chassis.uploads import LARGEST_FILE
from contracts.accounts import DocumentRevoked, DocumentStored
from services.accounts.documents import LARGEST_STORE, ConsentRecorded, DocumentRemoved, decider
from services.accounts.documents_api import document_routes, document_sweeps

SCHEMA = Path(services.accounts.documents.__file__).with_name("documents.sql")
STORE = Service(
    name="documents",
    title="Personal document store",
    events=decider.events,
    schemas=[SCHEMA],
    routes=document_routes,
    sweeps=document_sweeps,
)
AN, BINH = uuid4(), uuid4()
NAME = "Giấy khai sinh của An.pdf"


@pytest.fixture
async def place(database: Callable[..., Awaitable[Any]]) -> Any:
    """A database with the store's tables."""
    return await database("documents", [SCHEMA])


@pytest.fixture
async def client(place: Any, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The store's API."""
    async with running_api(STORE, place, blobs_url=f"file://{tmp_path}") as running:
        yield running


def named(name: str) -> dict[str, str]:
    """Give the header that names a file."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


async def put(
    client: httpx.AsyncClient,
    content: bytes,
    name: str = NAME,
    *,
    paper: UUID | None = None,
    person: UUID = AN,
) -> httpx.Response:
    """Let somebody, usually An, put a paper into the store."""
    headers = {**signed_in("citizen", person), **named(name)}
    return await client.put(f"/documents/{paper or uuid4()}", content=content, headers=headers)


async def put_result(
    client: httpx.AsyncClient, dossier: UUID, content: bytes, paper: UUID, headers: dict[str, str]
) -> httpx.Response:
    """Let somebody put a result into An's store."""
    return await client.put(
        f"/persons/{AN}/documents/{paper}",
        params={"dossier": str(dossier)},
        content=content,
        headers={**headers, **named("Kết quả.pdf")},
    )


async def papers(client: httpx.AsyncClient, person: UUID = AN) -> list[dict[str, Any]]:
    """List a person's papers."""
    answer = await client.get("/documents", headers=signed_in("citizen", person))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def types(place: Any) -> list[str]:
    """Name the events of the log, in order."""
    connection = await asyncpg.connect(place.url("app"))
    rows = await connection.fetch("select type from events order by position")
    await connection.close()
    return [row["type"] for row in rows]


def contents(folder: Path) -> list[bytes]:
    """Read whatever lies in the blobs, as it lies there."""
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


def code(answer: httpx.Response) -> tuple[int, str]:
    """Give a problem's status and code."""
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


async def test_what_a_person_puts_in_comes_back_byte_for_byte_under_its_name(
    client: httpx.AsyncClient,
) -> None:
    content = pdf(3)
    first = await put(client, content)
    assert first.status_code == 201
    assert [
        (p["id"], p["name"], p["pages"], p["kind"], p["scan"]) for p in await papers(client)
    ] == [(first.json()["id"], NAME, 3, "upload", "not scanned")]
    headers = signed_in("citizen", AN)
    answer = await client.get(f"/documents/{first.json()['id']}/content", headers=headers)
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith(quote(NAME, safe=""))


async def test_the_same_paper_sent_again_is_one_paper_and_another_needs_another_id(
    client: httpx.AsyncClient, place: Any
) -> None:
    paper, content = uuid4(), heic()
    sent = await asyncio.gather(*(put(client, content, "a.heic", paper=paper) for _ in range(4)))
    assert sorted(answer.status_code for answer in sent) == [200, 200, 200, 201]
    assert (await put(client, content, "a.heic", paper=paper)).status_code == 200
    assert code(await put(client, pdf(), paper=paper)) == (409, "document-id-taken")
    assert (await put(client, content, "a.heic", person=BINH)).status_code == 201
    taken = await put(client, content, "a.heic", paper=paper, person=BINH)
    assert code(taken) == (409, "document-id-taken")
    assert [(p["name"], p["media_type"]) for p in await papers(client)] == [("a.jpg", "image/jpeg")]
    assert await types(place) == [DocumentStored.wire_name] * 2


async def test_at_rest_neither_name_nor_content_nor_hash_can_be_read(
    client: httpx.AsyncClient, place: Any, tmp_path: Path
) -> None:
    content = pdf(first=b"q % birth of An Q")
    kept = (await put(client, content)).json()
    blobs = contents(tmp_path)
    assert len(blobs) == 1 and b"%PDF" not in blobs[0]
    connection = await asyncpg.connect(place.url("app"))
    rows = [str(dict(row)) for row in await connection.fetch("select * from documents")]
    events = await connection.fetch("select convert_from(data, 'utf8') as data from events")
    await connection.close()
    told = "".join(rows + [row["data"] for row in events])
    assert kept["id"] in told and kept["sha256"] not in told and "khai sinh" not in told


async def test_only_the_kinds_we_accept_get_in_and_each_refusal_says_why(
    client: httpx.AsyncClient, place: Any, tmp_path: Path
) -> None:
    assert code(await put(client, docx(), "a.docx")) == (422, "file-type-not-allowed")
    assert code(await put(client, picture("PNG"), "a.pdf")) == (422, "file-misnamed")
    assert code(await put(client, b"", "a.pdf")) == (422, "file-empty")
    too_large = pdf().ljust(LARGEST_FILE + 1)
    assert code(await put(client, too_large)) == (413, "file-too-large")
    for wrong in ("", "attachment", "attachment; filename*=UTF-8''%ff.pdf"):
        headers = {**signed_in("citizen", AN), "content-disposition": wrong}
        answer = await client.put(f"/documents/{uuid4()}", content=pdf(), headers=headers)
        assert code(answer) == (400, "file-name-missing")
    assert await papers(client) == [] and await types(place) == []
    assert contents(tmp_path) == []


async def test_a_copy_is_given_with_the_owners_consent_until_the_paper_is_revoked(
    client: httpx.AsyncClient, place: Any
) -> None:
    content, dossier = picture("PNG"), uuid4()
    paper = f"/documents/{(await put(client, content, 'cmnd.png')).json()['id']}"
    asked = {"dossier_id": str(dossier), "component": "can-cuoc \U0001f600"}
    headers = signed_in("citizen", AN)
    for _ in range(2):
        copy = await client.post(f"{paper}/copies", json=asked, headers=headers)
        assert (copy.status_code, copy.content) == (200, content)
        assert copy.headers["content-disposition"].endswith("cmnd.png")
    given = (await client.get(f"{paper}/consents", headers=headers)).json()
    assert [(c["dossier_id"], c["component"]) for c in given] == [
        (str(dossier), asked["component"])
    ]
    assert given[0]["vi"].startswith("Tôi đồng ý") and given[0]["at"]

    revoked = await client.post(f"{paper}/revocation", headers=signed_in("citizen", AN))
    assert (revoked.status_code, revoked.json()["version"]) == (200, 3)
    since = (await papers(client))[0]["revoked_at"]
    again = await client.post(f"{paper}/revocation", headers=signed_in("citizen", AN))
    assert again.status_code == 200 and (await papers(client))[0]["revoked_at"] == since
    late = await client.post(f"{paper}/copies", json=asked, headers=signed_in("citizen", AN))
    assert code(late) == (409, "document-is-revoked")
    assert (await client.get(f"{paper}/content", headers=headers)).content == content
    assert await types(place) == [
        DocumentStored.wire_name, ConsentRecorded.wire_name, DocumentRevoked.wire_name,
    ]  # fmt: skip


async def test_to_everybody_else_a_paper_does_not_exist(
    client: httpx.AsyncClient, place: Any
) -> None:
    paper = f"/documents/{(await put(client, pdf())).json()['id']}"
    theirs = (await put(client, pdf(), person=BINH)).json()["id"]
    asked = {"dossier_id": str(uuid4()), "component": "giay-khai-sinh"}
    for address in (paper, f"/documents/{uuid4()}"):
        for method, path, body in (
            ("GET", "/content", None),
            ("GET", "/consents", None),
            ("POST", "/copies", asked),
            ("POST", "/revocation", None),
            ("DELETE", "", None),
        ):
            headers = signed_in("citizen", BINH)
            answer = await client.request(method, address + path, json=body, headers=headers)
            assert code(answer) == (404, "not-in-store"), (method, path)
    assert [kept["id"] for kept in await papers(client, BINH)] == [theirs]
    officer = await client.get(f"{paper}/content", headers=signed_in("staff", AN))
    assert officer.status_code == 403
    assert (await client.get("/documents")).status_code == 401
    assert await types(place) == [DocumentStored.wire_name] * 2


async def test_a_result_goes_into_its_owners_store_by_itself_and_once(
    client: httpx.AsyncClient,
) -> None:
    dossier, paper, content = uuid4(), uuid4(), pdf(2)
    submission = as_service("submission", "documents")
    for status in (201, 200):
        answer = await put_result(client, dossier, content, paper, submission)
        assert answer.status_code == status, answer.text
    assert [(p["id"], p["kind"], p["dossier_id"]) for p in await papers(client)] == [
        (str(paper), "result", str(dossier))
    ]
    for nobody in (as_service("payment", "documents"), signed_in("citizen", AN)):
        answer = await put_result(client, dossier, content, uuid4(), nobody)
        assert code(answer) == (403, "not-for-you")


async def test_a_full_store_says_so_until_room_is_made_and_results_always_fit(
    client: httpx.AsyncClient, place: Any, tmp_path: Path
) -> None:
    content = pdf()
    old = f"/documents/{(await put(client, content)).json()['id']}"
    submission = as_service("submission", "documents")
    assert (await put_result(client, uuid4(), content, uuid4(), submission)).status_code == 201
    connection = await asyncpg.connect(place.url("app"))
    await connection.execute("update documents set size = $1", LARGEST_STORE)
    await connection.close()
    full = await put(client, content)
    assert code(full) == (409, "store-full") and "500 MB" in full.json()["title"]
    assert (await put_result(client, uuid4(), content, uuid4(), submission)).status_code == 201

    headers = signed_in("citizen", AN)
    for _ in range(2):
        assert (await client.delete(old, headers=headers)).status_code == 204
    assert code(await client.get(f"{old}/content", headers=headers)) == (404, "not-in-store")
    assert (await put(client, content)).status_code == 201
    assert len(contents(tmp_path)) == 3
    assert (await types(place)).count(DocumentRemoved.wire_name) == 1


async def test_contents_that_no_paper_names_are_swept_after_a_day(
    client: httpx.AsyncClient, place: Any, tmp_path: Path
) -> None:
    content = pdf()
    kept = (await put(client, content)).json()["id"]
    async with open_tools(
        STORE, settings_of("documents", place, blobs_url=f"file://{tmp_path}")
    ) as tools:
        await tools.blobs.write(bytes(32), "nobody", _pieces(b"an upload that was cut off"), 100)
        for hours, left in ((23, 2), (25, 1)):
            later = replace(tools, now=lambda hours=hours: utc_now() + timedelta(hours=hours))
            for sweep in document_sweeps(later):
                await sweep.run()
            assert len(contents(tmp_path)) == left
    headers = signed_in("citizen", AN)
    assert (await client.get(f"/documents/{kept}/content", headers=headers)).content == content


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
