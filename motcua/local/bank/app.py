"""The bank's doors: its page, its API for the customer; paying by hand, and knobs for tests."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.payment.vietqr import NotAVietQr, read

from .caller import keep_calling
from .config import BankConfig
from .knobs import Knobs, Turned
from .ledger import Entry, Ledger
from .office import BackOffice
from .pages import closed_page, front_page, pay_page, trouble_page
from .signing import SIGNATURE_HEADER, sign
from .teller import Teller, TurnedDown, Wish

_LARGEST = 64 * 1024


class Pay(BaseModel):
    """Pay, or break off, without a browser: by the address of the page or by the reference."""

    model_config = ConfigDict(extra="forbid")

    pay_url: Annotated[str, Field(max_length=4096)] = ""
    transaction: Annotated[str, Field(max_length=100)] = ""
    outcome: Wish = "paid"
    code: Annotated[str, Field(pattern=r"^([0-9]{2})?$")] = ""


class TransferOrder(BaseModel):
    """Transfer money: by a QR code, or with what a payer typed; both given, the typed ones win."""

    model_config = ConfigDict(extra="forbid")

    qr: Annotated[str, Field(max_length=512)] = ""
    text: Annotated[str, Field(max_length=500)] = ""
    amount: Annotated[int | None, Field(gt=0, le=10**12)] = None


def make_bank(config: BankConfig) -> FastAPI:
    """Build the bank."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        teller = Teller(config, Ledger(config.books))
        office = BackOffice(teller)
        doors = (_pages(teller), _customer_api(teller, office), _by_hand(teller), _knobs(teller))
        for router in (*doors, _probes()):
            app.include_router(router)
        calling = asyncio.create_task(keep_calling(teller))
        try:
            yield
        finally:
            calling.cancel()
            with suppress(asyncio.CancelledError):
                await calling
            teller.ledger.close()

    app = FastAPI(title="Sandbox bank", version="1", lifespan=lifespan, redoc_url=None)
    app.add_exception_handler(TurnedDown, _turned_down)
    app.add_exception_handler(NotAVietQr, _no_qr)
    return app


async def _turned_down(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, TurnedDown)
    status = 404 if refused.code == "91" else 400
    return JSONResponse({"code": refused.code, "reason": refused.reason}, status)


async def _no_qr(_: Request, cause: Exception) -> Response:
    return JSONResponse({"code": "qr", "reason": str(cause)}, 400)


def _pages(teller: Teller) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    async def front() -> str:
        return front_page(teller.ledger.entries(30), teller.config.terminal)

    @router.get("/paymentv2/vpcpay.html")
    async def pay(request: Request) -> Response:
        try:
            entry = teller.open_order(request.url.query)
        except TurnedDown as refused:
            return HTMLResponse(trouble_page(refused.code, refused.reason), 400)
        return HTMLResponse(_shown(teller, entry))

    @router.post("/paymentv2/decide")
    async def decide(request: Request) -> Response:
        form = await _form(request)
        wish: Wish = "paid" if form.get("wish") == "paid" else "cancelled"
        if form.get("wish") == "failed":
            wish = "failed"
        entry = teller.decide(form.get("reference", ""), wish)
        return RedirectResponse(teller.return_url(entry), 303)

    @router.post("/transfer")
    async def transfer(request: Request) -> Response:
        bill = read((await _form(request)).get("qr", "").strip())
        teller.transfer(bill.purpose, bill.amount)
        return RedirectResponse("/", 303)

    return router


def _shown(teller: Teller, entry: Entry) -> str:
    return (
        pay_page(entry) if entry.state == "open" else closed_page(entry, teller.return_url(entry))
    )


async def _form(request: Request) -> dict[str, str]:
    body = await _body(request)
    return {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise TurnedDown("03", "too long")
    return body


def _customer_api(teller: Teller, office: BackOffice) -> APIRouter:
    router = APIRouter()

    @router.post("/merchant_webapi/api/transaction")
    async def answer(request: Request) -> Response:
        try:
            asked: Any = json.loads(await _body(request))
            reference = str(asked.get("vnp_TxnRef", ""))
        except (ValueError, AttributeError) as cause:
            raise TurnedDown("03", "not a question") from cause
        manners = teller.manners(reference)
        await asyncio.sleep(manners.slow)
        if manners.away:
            return Response(status_code=503)
        return JSONResponse(office.answer(asked))

    @router.get("/statement")
    async def statement(
        since: AwareDatetime | None = None, until: AwareDatetime | None = None
    ) -> Response:
        if teller.manners("").away:
            return Response(status_code=503)
        earliest, latest = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
        body = json.dumps({"lines": office.statement(since or earliest, until or latest)})
        headers = {SIGNATURE_HEADER: sign(teller.config.secret, body)}
        return Response(body, headers=headers, media_type="application/json")

    return router


def _by_hand(teller: Teller) -> APIRouter:
    router = APIRouter()

    @router.post("/api/pay")
    async def pay(wish: Pay) -> dict[str, str]:
        reference = wish.transaction
        if wish.pay_url:
            reference = teller.open_order(urlsplit(wish.pay_url).query).reference
        entry = teller.decide(reference, wish.outcome, wish.code)
        told = {"transaction": entry.reference, "state": entry.state, "code": entry.code}
        return told | {"return_url": teller.return_url(entry)}

    @router.post("/api/transfers")
    async def transfer(order: TransferOrder) -> dict[str, str]:
        bill = read(order.qr) if order.qr else None
        text = order.text or (bill.purpose if bill else "")
        amount = order.amount or (bill.amount if bill else None)
        if amount is None:
            raise TurnedDown("03", "how much?")
        return {"bank_reference": teller.transfer(text, amount).bank_reference}

    @router.get("/calls")
    async def calls() -> list[dict[str, Any]]:
        return [vars(call) for call in teller.ledger.calls()]

    return router


def _knobs(teller: Teller) -> APIRouter:
    router = APIRouter()

    @router.get("/knobs")
    async def knobs() -> dict[str, Knobs]:
        return teller.ledger.knobs()

    @router.post("/knobs")
    async def turn(turned: Turned) -> dict[str, Knobs]:
        settings = Knobs.model_validate(turned.model_dump(exclude={"scope"}))
        teller.ledger.turn(turned.scope, settings)
        return teller.ledger.knobs()

    @router.delete("/knobs")
    async def behave() -> dict[str, Knobs]:
        teller.ledger.forget_knobs()
        return {}

    return router


def _probes() -> APIRouter:
    router = APIRouter()

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    return router
