"""Files stay small, and the documents say nothing that is not so."""

import re
from pathlib import Path

import pytest

from settings import load

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_CODE = re.compile(r"`([^`\n]+)`|^    (.+)$|^(?:\$ )?((?:make|flask|\.venv/bin/flask) .+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)")
_KEPT_OUT = {".venv", "node_modules", ".git", "instance", "migrations", "vendor"}


def _files(*suffixes: str) -> list[Path]:
    return [
        path
        for path in ROOT.rglob("*")
        if path.suffix in suffixes and not _KEPT_OUT & set(path.relative_to(ROOT).parts) and path.is_file()
    ]


def test_no_file_is_over_four_hundred_lines():
    long = {str(path.relative_to(ROOT)): lines for path in _files(".py", ".js", ".css", ".html")
            if (lines := path.read_text(encoding="utf-8").count("\n")) > 400}  # fmt: skip
    assert long == {}


def test_no_template_is_over_a_hundred_and_fifty_lines():
    long = {str(path.relative_to(ROOT)): lines for path in (ROOT / "templates").rglob("*.html")
            if (lines := path.read_text(encoding="utf-8").count("\n")) > 150}  # fmt: skip
    assert long == {}


def _commands(path: Path) -> list[str]:
    return [next(filter(None, found)) for found in _CODE.findall(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_commands_of_a_document_exist(app, path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for command in _commands(path):
        words = command.split()
        if words[0] == "make" and len(words) > 1:
            assert words[1] in targets, command
        if words[0].endswith("flask") and len(words) > 1 and not words[1].startswith("-"):
            _find(app, words[1:], command)


def _find(app, words: list[str], command: str) -> None:
    """The named command, down the groups; `flask db` is Flask-Migrate's, `flask scheduler` is attached in wsgi.py."""
    from scheduler.commands import scheduler_group

    groups = {**app.cli.commands, "scheduler": scheduler_group}
    if words[0] == "db":
        return
    assert words[0] in groups, command
    inner = getattr(groups[words[0]], "commands", None)
    if inner is not None and len(words) > 1 and not words[1].startswith(("-", "…")):
        assert words[1] in inner, command


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_a_document_lead_somewhere(path):
    for target in _LINK.findall(path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_every_setting_of_the_operations_page_is_read():
    page = ROOT / "docs" / "operations.md"
    names = set(re.findall(r"^\| `([A-Z_]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE))
    source = (ROOT / "platform" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', source))
    assert names == read
    assert load({}).mode == "demo"


def test_the_pictures_are_small():
    for picture in (ROOT / "docs").rglob("*.png"):
        assert picture.stat().st_size < 250_000, picture.name
