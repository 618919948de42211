"""Files as people send them: sound ones pass, everything else is refused in plain words.

The bad ones stand in `bad_files.py`; each goes through the real child process.
"""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from bad_files import ALL, LINKS, MAIN, Bad, annotation, field, relations
from good_files import docx, heic, pdf, picture, saved
from pikepdf import Array, Dictionary, Name
from PIL import Image

from chassis.file_kinds import USUAL, Kind, clean_name
from chassis.problems import Problem
from chassis.upload_refusals import WORDS, UploadRefused
from chassis.uploads import LARGEST_FILE, InspectionAway, Limits, Uploads
from chassis.virus_scan import VirusScanner

ANY = frozenset(Kind)


@dataclass
class Kept:
    """What a service would keep."""

    name: str
    media_type: str
    size: int
    sha256: str
    sent_sha256: str
    pages: int | None
    scan: str
    content: bytes


async def pieces(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    """Send content as a client does."""
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def send(
    content: bytes,
    name: str = "a.pdf",
    *,
    uploads: Uploads | None = None,
    accepted: frozenset[Kind] = ANY,
    limit: int = LARGEST_FILE,
) -> Kept:
    """Send a file through the whole way."""
    way = uploads or Uploads(VirusScanner(""))
    async with way.received(name, pieces(content), accepted=accepted, limit=limit) as found:
        return Kept(
            name=found.name,
            media_type=found.media_type,
            size=found.size,
            sha256=found.sha256,
            sent_sha256=found.sent_sha256,
            pages=found.pages,
            scan=found.scan,
            content=b"".join([piece async for piece in found.chunks()]),
        )


async def test_a_pdf_is_kept_byte_for_byte_with_its_pages_and_hash():
    content = pdf(7)
    kept = await send(content, "Giấy khai sinh.pdf")
    assert kept.name == "Giấy khai sinh.pdf"
    assert kept.media_type == "application/pdf"
    assert (kept.pages, kept.size, kept.content) == (7, len(content), content)
    assert kept.sha256 == kept.sent_sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("format", "mode"),
    [("JPEG", mode) for mode in ("L", "RGB", "CMYK")]
    + [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")],
)
async def test_pictures_of_every_mode_are_kept_as_they_are(format: str, mode: str):  # noqa: A002
    content = picture(format, mode)
    kept = await send(content, "anh.JPG" if format == "JPEG" else "anh.Png")
    assert (kept.content, kept.pages) == (content, None)
    assert kept.media_type == f"image/{format.lower()}"


async def test_a_jpeg_with_notes_colours_and_progressive_scans_is_kept():
    image, out = Image.new("RGB", (80, 60), "green"), BytesIO()
    exif = image.getexif()
    exif[0x0110] = "Điện thoại"
    exif[0x0112] = 6
    image.save(out, "JPEG", exif=exif, icc_profile=bytes(3000), progressive=True, comment=b"x")
    assert (await send(out.getvalue(), "a.jpeg")).content == out.getvalue()


async def test_a_heic_photograph_becomes_a_jpeg_and_the_hash_of_what_was_sent_stays():
    kept = await send(heic(), "IMG_0001.HEIC")
    assert (kept.name, kept.media_type) == ("IMG_0001.jpg", "image/jpeg")
    assert kept.sent_sha256 == hashlib.sha256(heic()).hexdigest()
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest() != kept.sent_sha256
    assert kept.size == len(kept.content)
    image = Image.open(BytesIO(kept.content))
    red, _, blue = image.convert("RGB").getpixel((300, 100))  # pyright: ignore
    assert (image.format, image.size) == ("JPEG", (320, 200))
    assert red > 150 > 100 > blue


@pytest.mark.parametrize(
    "behind",
    [
        b"\0" * 100,
        picture(),
        b"\0\0\0\x18ftypmp42" + bytes(99),
        b"\0\0\x01SEFH" + b"x" * 30 + b"SEFT",
    ],
    ids=["padding", "a gain map", "a moving picture", "the maker's notes"],
)
async def test_what_phones_append_to_a_jpeg_is_cut_off(behind: bytes):
    kept = await send(picture() + behind, "IMG.jpg")
    assert kept.content == picture()
    assert kept.sent_sha256 == hashlib.sha256(picture() + behind).hexdigest()


async def test_a_word_document_is_kept_where_the_procedure_accepts_one():
    content = docx({LINKS: relations("hyperlink", "https://dichvucong.example/")})
    kept = await send(content, "Đơn.docx")
    assert (kept.content, kept.pages) == (content, None)
    assert kept.media_type.endswith("wordprocessingml.document")


@pytest.mark.parametrize("code", ["PAGE ", 'HYPERLINK "https://x.example" \\o "see link here" '])
async def test_harmless_fields_of_a_word_document_are_kept(code: str):
    assert (await send(docx({MAIN: field(code)}), "Đơn.docx")).size


async def test_a_word_document_is_refused_where_the_procedure_does_not_accept_one():
    with pytest.raises(UploadRefused) as refusal:
        await send(docx(), "Đơn.docx", accepted=USUAL)
    assert refusal.value.code == "file-type-not-allowed"
    assert ".pdf, .jpg, .png, .heic" in refusal.value.vi


async def test_links_bookmarks_and_an_opening_page_in_a_pdf_are_harmless():
    document = pikepdf.open(BytesIO(pdf(2)))
    page = document.pages[1].obj
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
    link = annotation(Name.Link, A=Dictionary(S=Name.URI, URI="https://dichvucong.example/"))
    document.pages[0].Annots = Array([document.make_indirect(link)])
    document.docinfo["/Title"] = "About /JavaScript and /Launch"
    assert (await send(saved(document))).pages == 2


async def test_a_pdf_with_a_signature_keeps_every_byte():
    document = pikepdf.open(BytesIO(pdf()))
    signature = Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"\x30" * 64)
    place = Dictionary(FT=Name.Sig, T="Chữ ký", V=document.make_indirect(signature))
    form = Dictionary(Fields=Array([document.make_indirect(place)]), SigFlags=3)
    document.Root.AcroForm = form
    content = saved(document)
    assert (await send(content)).content == content


@pytest.mark.parametrize("bad", ALL, ids=lambda bad: f"{bad.name[:12]!a}: {bad.what}")
async def test_a_bad_file_is_refused(bad: Bad):
    with pytest.raises(UploadRefused) as refusal:
        await send(bad.content, bad.name)
    assert refusal.value.code == bad.code


async def test_a_refusal_says_what_to_do_in_two_languages():
    with pytest.raises(Problem) as refusal:
        await send(picture("PNG"), "a.jpg")
    assert refusal.value.status == 422
    assert refusal.value.vi == (
        "Đuôi tệp ghi là JPEG nhưng nội dung là PNG. Hãy sửa đuôi tệp rồi gửi lại."
    )
    assert "says JPEG but it is PNG" in refusal.value.en
    assert all("Hãy" in vi or "hãy" in vi for vi, _ in WORDS.values())


async def test_one_byte_over_the_limit_is_refused_before_it_is_read_to_the_end():
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1000
            yield bytes(1000)

    with pytest.raises(UploadRefused) as refusal:
        async with Uploads(VirusScanner("")).received("a.pdf", endless()):
            pass
    assert (refusal.value.code, refusal.value.status) == ("file-too-large", 413)
    assert "20 MB" in refusal.value.vi
    assert read < LARGEST_FILE + 2000


async def test_the_limit_is_exact():
    content = pdf()
    assert (await send(content, limit=len(content))).size == len(content)
    with pytest.raises(UploadRefused):
        await send(content, limit=len(content) - 1)


async def test_a_file_of_the_largest_size_passes():
    content = pdf(first=os.urandom(LARGEST_FILE - 20_000))
    assert LARGEST_FILE - 20_000 < len(content) <= LARGEST_FILE
    assert (await send(content)).pages == 1


async def test_a_sound_file_that_needs_too_much_memory_is_refused_and_the_next_one_passes():
    uploads = Uploads(VirusScanner(""), Limits(memory=120 * 2**20))
    with pytest.raises(UploadRefused) as refusal:
        await send(picture("PNG", "RGB", (8000, 6000)), "a.png", uploads=uploads)
    assert refusal.value.code == "file-too-complex"
    assert (await send(picture("PNG"), "a.png", uploads=uploads)).size


async def test_a_child_that_hangs_is_ended_in_time_and_the_file_refused():
    uploads = Uploads(VirusScanner(""), Limits(wall_seconds=1))
    sending = asyncio.create_task(
        send(picture("PNG", "RGB", (7000, 7000)), "a.png", uploads=uploads)
    )
    os.kill(await first_child(), signal.SIGSTOP)
    with pytest.raises(UploadRefused) as refusal:
        await sending
    assert refusal.value.code == "file-too-complex"
    assert not children()


async def test_the_child_is_told_none_of_our_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOTCUA_MASTER_KEYS", "secret")
    sending = asyncio.create_task(send(picture("PNG", "RGB", (5000, 5000)), "a.png"))
    told = of_process(await first_child(), "environ")
    await sending
    assert told == "MALLOC_ARENA_MAX=1\0"


async def test_a_child_that_is_killed_means_refused_and_other_uploads_go_on():
    uploads = Uploads(VirusScanner(""))
    slow = asyncio.create_task(send(picture("PNG", "RGB", (7000, 7000)), "a.png", uploads=uploads))
    os.kill(await first_child(), 9)
    with pytest.raises(UploadRefused):
        await slow
    assert (await send(pdf(), uploads=uploads)).pages == 1


async def test_a_person_who_goes_away_leaves_no_child_behind():
    sending = asyncio.create_task(send(picture("PNG", "RGB", (7000, 7000)), "a.png"))
    await first_child()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert not children()


async def test_no_more_children_run_at_once_than_allowed():
    uploads = Uploads(VirusScanner(""), Limits(at_once=2))
    content = picture("PNG", "RGB", (3000, 3000))
    sending = [asyncio.create_task(send(content, "a.png", uploads=uploads)) for _ in range(6)]
    most = 0
    while not all(task.done() for task in sending):
        most = max(most, len(children()))
        await asyncio.sleep(0.01)
    await asyncio.gather(*sending)
    assert most == 2


@pytest.mark.parametrize("python", ["/nonexistent/python", "/bin/false"])
async def test_where_no_child_can_run_a_file_is_not_called_bad(
    python: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "executable", python)
    with pytest.raises(InspectionAway):
        await send(pdf())


def test_the_child_has_its_limits_and_can_neither_speak_to_anybody_nor_start_anything():
    probe = (
        "import os, resource, socket\n"
        "from chassis.upload_inspection.walls import limit, wall_in\n"
        "limit(512 * 2**20, 10); wall_in()\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20, end=' ')\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0], end=' ')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], end=' ')\n"
        "for act in (socket.socket, lambda: os.execv('/bin/true', ['true']),\n"
        "            lambda: os.kill(os.getppid(), 0)):\n"
        "    try: act(); print('done', end=' ')\n"
        "    except PermissionError: print('refused', end=' ')\n"
    )
    python = [sys.executable, "-I", "-c", probe]
    told = subprocess.run(python, capture_output=True, text=True, env={}, check=True).stdout
    assert told.split() == ["512", "10", "0", "refused", "refused", "refused"]


async def test_looking_at_a_file_takes_well_under_a_second():
    began = time.perf_counter()
    await send(pdf(10))
    await send(picture(), "a.jpg")
    await send(docx(), "a.docx")
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        ("Gia\u0302\u0301y.pdf", "Giấy.pdf"),
        ("C:\\Users\\An\\a.pdf", "a.pdf"),
        ("../../etc/a.pdf", "a.pdf"),
        ("a\0b\x1b[31m.pdf", "ab[31m.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u200b\ufeff.pdf", "a.pdf"),
        ("dòng một\r\nX-Header: 1.pdf", "dòng một X-Header: 1.pdf"),
        ("  .. .pdf", "tệp.pdf"),
        (".pdf", "tệp.pdf"),
        ("a.pdf. . ", "a.pdf"),
        ("\ud800.pdf", "tệp.pdf"),
        ("", "tệp"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
    ],
)
def test_a_name_is_kept_as_harmless_text(given: str, kept: str):
    assert clean_name(given) == kept


def test_a_name_of_4096_characters_keeps_its_extension():
    name = clean_name("ệ" * 4096 + ".pdf")
    assert len(name) == 120
    assert name.endswith("ệệ.pdf")


async def first_child() -> int:
    """Wait for an inspecting process."""
    for _ in range(1000):
        if running := children():
            return running[0]
        await asyncio.sleep(0.005)
    raise AssertionError("no child was started")


def children() -> list[int]:
    """The inspecting processes of this test."""
    told = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    candidates = [int(pid) for pid in told.split()]
    return [pid for pid in candidates if "chassis.upload_inspection" in of_process(pid, "cmdline")]


def of_process(pid: int, what: str) -> str:
    """What the system tells about a process."""
    try:
        return Path(f"/proc/{pid}/{what}").read_text()
    except OSError:
        return ""
