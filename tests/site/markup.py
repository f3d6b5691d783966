"""What is asked of the markup of every page."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

HAN = re.compile(r"[\u3400-\u9fff\uff0c\u3002\uff1a\uff08]")
CONTROLS = {"input", "select", "textarea"}
XHTML = "{http://www.w3.org/1999/xhtml}"


def parsed(text: str) -> Element:
    """The document, parsed by the rules of HTML; raises ParseError where a browser would have to guess."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def faults(text: str) -> list[str]:
    """What is wrong with a page, in words; empty for a good one."""
    try:
        page = parsed(text)
    except html5lib.html5parser.ParseError as error:
        return [f"not valid: {error}"]
    elements = [one for one in page.iter() if isinstance(one.tag, str)]
    return [
        *_document(page, elements),
        *_forbidden(elements),
        *_unlabelled(elements),
        *_ids(elements),
    ]


def _document(page: Element, elements: list[Element]) -> Iterator[str]:
    headings = [one for one in elements if one.tag == "h1"]
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    if not page.get("lang"):
        yield "no language"
    title = page.find("head/title")
    if title is None or not (title.text or "").strip(" ·\n"):
        yield "no title"
    if not [one for one in elements if one.tag == "main"]:
        yield "no main"


def _forbidden(elements: list[Element]) -> Iterator[str]:
    for one in elements:
        if one.get("style") is not None or one.tag == "style":
            yield f"inline style on <{one.tag}>"
        if one.tag == "script" and not one.get("src") and one.get("type") != "application/json":
            yield "inline script"
        if [name for name in one.attrib if name.startswith("on")]:
            yield f"inline handler on <{one.tag}>"
        if one.tag == "button" and not one.get("type"):
            yield f"a button without a type: {''.join(one.itertext()).strip()}"
        if one.tag == "img" and one.get("alt") is None:
            yield f"an image without words: {one.get('src')}"
        if one.tag in {"a", "button"} and not _name(one):
            yield f"<{one.tag}> without a name: {one.get('href') or one.get('class')}"


def _name(element: Element) -> str:
    return (element.get("aria-label") or "".join(element.itertext())).strip() or (
        "label" if element.get("aria-labelledby") else ""
    )


def _unlabelled(elements: list[Element]) -> Iterator[str]:
    labelled = {one.get("for") for one in elements if one.tag == "label"}
    wrapped = {id(inner) for one in elements if one.tag == "label" for inner in one.iter()}
    for one in elements:
        if one.tag not in CONTROLS or one.get("type") in {"hidden", "submit", "button"}:
            continue
        has_name = one.get("aria-label") or one.get("aria-labelledby") or one.get("id") in labelled
        if not has_name and id(one) not in wrapped:
            yield f"<{one.tag} name={one.get('name')}> has no label"


def _ids(elements: list[Element]) -> Iterator[str]:
    ids = [one.get("id") for one in elements if one.get("id")]
    yield from (f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    for one in elements:
        target = (one.get("href") or "").removeprefix("#")
        if one.tag == "a" and (one.get("href") or "").startswith("#") and target not in {*ids, "x"}:
            yield f"a link to nowhere: #{target}"
        for name in ("aria-describedby", "aria-labelledby", "for"):
            missing = [word for word in (one.get(name) or "").split() if word not in ids]
            if missing:
                yield f"{name} names {missing[0]}, which is not there"


def posts_of(text: str) -> list[str]:
    """The address each form of the page posts to, "" for the page's own."""
    forms = [one for one in parsed(text).iter() if one.tag == "form"]
    return [one.get("action") or "" for one in forms if (one.get("method") or "").lower() == "post"]


def chinese_in(text: str) -> list[str]:
    """Chinese words a reader of the English page would meet, but for those marked as Chinese."""
    found: list[str] = []
    _walk(parsed(text), found)
    return found


def _walk(element: Element, found: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in {"script", "option"} or (
        (element.get("lang") or "").startswith("zh")
    ):  # fmt: skip
        return
    words = [element.text, *(child.tail for child in element), *(element.get(name) for name in _READ)]
    found += [word.strip() for word in words if word and HAN.search(word)]
    for child in element:
        _walk(child, found)


_READ = ("title", "placeholder", "aria-label", "alt", "data-label")
