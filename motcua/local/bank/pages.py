"""The bank's pages: plain HTML in Vietnamese and English, without scripts."""

from collections.abc import Sequence
from html import escape

from .ledger import Entry

_STYLE = """
body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto;
  padding: 0 1rem; color: #1b1b1b; background: #fff }
.note { background: #fff4ce; border-left: .3rem solid #8a6100; padding: .5rem 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
button, input { font: inherit; padding: .6rem 1rem; margin: .3rem .5rem .3rem 0 }
button.pay { background: #0b6b3a; color: #fff; border: 0 }
label { display: block }
table { border-collapse: collapse }
td, th { padding: .2rem .6rem; text-align: left }
"""
_STATES = {
    "open": "Chưa thanh toán / Not paid",
    "paid": "Đã thanh toán / Paid",
    "cancelled": "Đã hủy / Cancelled",
    "failed": "Không thành công / Failed",
    "expired": "Hết hạn / Expired",
    "refunded": "Đã hoàn tiền / Refunded",
}


def pay_page(entry: Entry) -> str:
    """Ask the payer to pay or to cancel."""
    return _page(
        "Thanh toán / Payment",
        f"""{_facts(entry)}
<form method="post" action="/paymentv2/decide">
<input type="hidden" name="reference" value="{escape(entry.reference)}">
<button class="pay" name="wish" value="paid">Thanh toán / Pay</button>
<button name="wish" value="cancelled">Hủy / Cancel</button>
<button name="wish" value="failed">Không đủ số dư / Not enough money</button>
</form>""",
    )


def closed_page(entry: Entry, back: str) -> str:
    """Show an order that was decided before, and the way back."""
    return _page(
        "Giao dịch đã kết thúc / This payment is closed",
        f'{_facts(entry)}<p><a href="{escape(back)}">Quay lại / Go back</a></p>',
    )


def trouble_page(code: str, reason: str) -> str:
    """Say why there is nothing to pay."""
    return _page(
        "Không thể thanh toán / This cannot be paid",
        f"<p>Mã lỗi / Code <b>{escape(code)}</b>: {escape(reason)}</p>",
    )


def front_page(entries: Sequence[Entry], account: str) -> str:
    """Show the latest entries, and a form for a transfer."""
    rows = "".join(
        f"<tr><td>{escape(e.bank_reference)}</td><td>{escape(e.reference or e.text)}</td>"
        f"<td>{_dong(e.amount)}</td><td>{_STATES[e.state]}</td></tr>"
        for e in entries
    )
    return _page(
        "Ngân hàng thử nghiệm / Sandbox bank",
        f"""<h2>Chuyển khoản / Transfer</h2>
<p>Tài khoản nhận / To: {escape(account)}</p>
<form method="post" action="/transfer">
<label>Nội dung mã QR / Text of the QR code <input name="qr" size="40" required></label>
<button class="pay">Chuyển tiền / Transfer</button>
</form>
<h2>Giao dịch / Transactions</h2>
<table><tr><th>Số / No.</th><th>Nội dung / Text</th><th>Số tiền / Amount</th><th></th></tr>
{rows}</table>""",
    )


def _facts(entry: Entry) -> str:
    return f"""<dl><dt>Số tiền / Amount</dt><dd>{_dong(entry.amount)}</dd>
<dt>Nội dung / For</dt><dd>{escape(entry.text)}</dd>
<dt>Mã giao dịch / Reference</dt><dd>{escape(entry.reference)}</dd>
<dt>Trạng thái / State</dt><dd>{_STATES[entry.state]}</dd></dl>"""


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + " đ"


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{_STYLE}</style></head>
<body><h1>{title}</h1>
<p class="note">Ngân hàng thử nghiệm, không có tiền thật. / A sandbox bank: no real money.</p>
{body}</body></html>"""
