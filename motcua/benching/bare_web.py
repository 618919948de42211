"""The bare reference of an endpoint: FastAPI, one pydantic body, one INSERT, nothing else."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from .log import BARE, INSERT


class Body(BaseModel):
    """What is sent."""

    confirmed: bool
    captcha: str


def bare_app(url: str) -> FastAPI:
    """Build the endpoint on a database."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(url, min_size=1, max_size=8) as pool:
            await pool.execute(BARE)
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/drafts/{dossier_id}/submission", status_code=201)
    async def submit(dossier_id: UUID, body: Body) -> dict[str, str]:
        await app.state.pool.execute(INSERT, uuid4(), body.model_dump_json().encode())
        return {"id": str(dossier_id)}

    return app


if __name__ == "__main__":
    uvicorn.run(
        bare_app(os.environ["BENCH_URL"]),
        port=int(os.environ["BENCH_PORT"]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )
