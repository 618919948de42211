"""The start page: what this is, and where each service's API documents are."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from chassis.settings import Settings

_SERVICES = {
    "accounts": (
        "Tài khoản",
        "people, organisations, officers, sign-in, the personal document store",
    ),
    "catalogue": (
        "Danh mục thủ tục",
        "agencies, procedures with their versions and forms, calendars",
    ),
    "submission": ("Hồ sơ", "drafts, dossiers, the desk's work, results, history"),
    "payment": ("Thanh toán", "fees, payments, receipts, refunds"),
    "notification": ("Thông báo", "who was told what, on which channel"),
}

_STYLE = """
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1.5rem;
  color: #1b1b1b; background: #fff; }
h1 { margin: 0; }
a { color: #0b4f9e; }
li { margin: .5rem 0; }
"""

_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Một Cửa</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Một Cửa</h1>
<p>Một cửa cho mọi dịch vụ công trực tuyến.
<span lang="en">One door to every online public service.</span></p>
<h2>Tài liệu giao diện lập trình <span lang="en">(API documents)</span></h2>
<ul>
{items}
</ul>
</main>
</body>
</html>
"""

_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""What every answer of the portal tells the browser: nothing runs, nothing frames it."""


def start_page(settings: Settings) -> str:
    """Write the page; every address comes from the settings."""
    items = "\n".join(
        f'<li><a href="{escape(settings.url_of(service))}/docs">{escape(vi)}</a> '
        f'<span lang="en">({service}: {escape(en)})</span></li>'
        for service, (vi, en) in _SERVICES.items()
    )
    return _PAGE.format(items=items, style=_STYLE)
