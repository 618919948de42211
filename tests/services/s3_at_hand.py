"""A small S3 in memory, for tests: what object stores answer to writing, reading by range, listing,
deleting and uploads in parts. No signatures are checked.
"""

import re
import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import md5
from time import monotonic, sleep
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.clock import utc_now


class S3:
    """One bucket and the uploads that are under way."""

    def __init__(self) -> None:
        """Begin empty."""
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        key, body = request.path_params.get("key", ""), await request.body()
        ask = request.query_params
        if "list-type" in ask:
            return self._list(ask["prefix"])
        if "uploads" in ask or "uploadId" in ask:
            return self._upload(request.method, key, ask, body)
        if "delete" in ask:
            gone = re.findall(r"<Key>(.*?)</Key>", body.decode())
            for one in gone:
                self.objects.pop(one, None)
            told = "".join(f"<Deleted><Key>{one}</Key></Deleted>" for one in gone)
            return _xml(f"<DeleteResult>{told}</DeleteResult>")
        if request.method == "PUT":
            return self._keep(key, body)
        if key not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        return self._read(key, request.headers.get("range", ""))

    def _keep(self, key: str, content: bytes) -> Response:
        self.objects[key] = content, utc_now()
        return Response(headers={"ETag": _tag(content)})

    def _read(self, key: str, asked: str) -> Response:
        content, written = self.objects[key]
        headers = {"ETag": _tag(content), "Last-Modified": f"{written:%a, %d %b %Y %H:%M:%S} GMT"}
        if match := re.fullmatch(r"bytes=(\d+)-(\d+)", asked):
            first, last = int(match[1]), min(int(match[2]), len(content) - 1)
            if first > last:
                return Response(status_code=416)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
            return Response(content[first : last + 1], 206, headers)
        return Response(content, headers=headers)

    def _upload(self, method: str, key: str, ask: Mapping[str, str], body: bytes) -> Response:
        if "uploads" in ask:
            upload = uuid4().hex
            self.uploads[upload] = {}
            return _xml(
                "<InitiateMultipartUploadResult>"
                f"<UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            )
        if method == "PUT":
            self.uploads[ask["uploadId"]][int(ask["partNumber"])] = body
            return Response(headers={"ETag": _tag(body)})
        parts = self.uploads.pop(ask["uploadId"])
        if method == "DELETE":
            return Response(status_code=204)
        numbers = [int(n) for n in re.findall(r"<PartNumber>(\d+)</PartNumber>", body.decode())]
        content = b"".join(parts[number] for number in numbers)
        self._keep(key, content)
        return _xml(
            f"<CompleteMultipartUploadResult><ETag>{_tag(content)}</ETag>"
            "</CompleteMultipartUploadResult>"
        )

    def _list(self, prefix: str) -> Response:
        found = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(content)}</Size><ETag>{_tag(content)}</ETag>"
            f"<LastModified>{written:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key, (content, written) in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return _xml(f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>")


@contextmanager
def running_s3() -> Generator[tuple[str, S3]]:
    """Run it in a thread; gives its address, and what it holds."""
    store = S3()
    methods = ["GET", "HEAD", "PUT", "POST", "DELETE"]
    app = Starlette(
        routes=[
            Route("/{bucket}/{key:path}", store.answer, methods=methods),
            Route("/{bucket}", store.answer, methods=methods),
        ]
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        until = monotonic() + 10
        while not server.started and monotonic() < until:
            sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", store
        finally:
            server.should_exit = True
            thread.join()


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")


def _tag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'
