"""Every route says who may call it, or its service does not start."""

import pytest
from fastapi import APIRouter, FastAPI

from chassis.auth import Anyone, SignedIn, routes_without_permission
from chassis.problems import Problem


def an_app(*routers: APIRouter) -> FastAPI:
    """Give an app as services are put together: by routers, some within others."""
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    return app


def test_a_route_that_says_nothing_is_named_wherever_it_is_included() -> None:
    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/outer")

    @inner.get("/open-by-mistake")
    async def forgotten() -> None:
        raise Problem(404, "not-found")

    outer.include_router(inner)
    assert routes_without_permission(an_app(outer)) == ["/outer/inner/open-by-mistake"]


@pytest.mark.parametrize("said_by", ["route", "router", "parameter"])
def test_a_route_may_say_it_in_three_places(said_by: str) -> None:
    router = APIRouter(dependencies=[Anyone] if said_by == "router" else [])
    if said_by == "parameter":

        @router.get("/mine")
        async def mine(reader: SignedIn) -> None:
            del reader
    else:

        @router.get("/all", dependencies=[Anyone] if said_by == "route" else [])
        async def everybody() -> None:
            raise Problem(404, "not-found")

    assert routes_without_permission(an_app(router)) == []
