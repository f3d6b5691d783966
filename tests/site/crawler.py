"""Walks the site as somebody signed in: every page it can reach by a link, a few of each kind."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from extensions import db
from models import User
from tests.statements import counted

_HREF = re.compile(r"""<(?:a|link|img|script|form)\b[^>]*?\b(href|src|action)="([^"]*)"[^>]*>""")
_METHOD = re.compile(r"""\bmethod="(\w+)\"""")


@dataclass(frozen=True, slots=True)
class Visited:
    """A page that was asked for: from where, with what answer, at how many statements."""

    url: str
    endpoint: str
    found_on: str
    status: int
    statements: tuple[str, ...]
    html: str


def crawl(app: Flask, user: User, *, of_each_kind: int) -> Iterator[Visited]:
    """Ask for the first page and whatever it leads to, breadth first, so many addresses of each endpoint at most."""
    client = app.test_client()
    with app.app_context(), client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = user.get_id(), True
    queue, seen, of_kind = deque([("/", "")]), {"/"}, dict[str, int]()
    while queue:
        url, found_on = queue.popleft()
        endpoint = endpoint_of(app, url)
        of_kind[endpoint] = of_kind.get(endpoint, 0) + 1
        if of_kind[endpoint] > of_each_kind:
            continue
        with (
            app.app_context()
        ):  # a context of its own, as every request has: the test's would remember who asked before
            page = _ask(client, url, endpoint, found_on)
        yield page
        for link in links_of(page.html, url):
            if link not in seen:
                seen.add(link)
                queue.append((link, url))


def _ask(client: Any, url: str, endpoint: str, found_on: str) -> Visited:
    with counted(db.engine) as sent:
        answer = client.get(url)
    is_page = answer.mimetype == "text/html"
    html = answer.get_data(as_text=True) if is_page else ""
    if 300 <= answer.status_code < 400:
        html = f'<a href="{answer.location}">'
    answer.close()
    return Visited(url, endpoint, found_on, answer.status_code, tuple(sent.texts), html)


def endpoint_of(app: Flask, url: str) -> str:
    """The endpoint an address leads to, or the address itself where there is none."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(url).path, method="GET")
    except HTTPException:
        return url
    return str(endpoint)


def links_of(html: str, base: str) -> Iterator[str]:
    """Every address of this site that the page leads to by GET."""
    for found in _HREF.finditer(html):
        tag, (kind, target) = found.group(0), found.groups()
        method = _METHOD.search(tag)
        if kind == "action" and not (method and method.group(1).lower() == "get"):
            continue
        link = urljoin(base, unescape(target)).partition("#")[0]
        if link.startswith("/") and not link.startswith("//"):
            yield link
