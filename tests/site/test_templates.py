"""Every template parses, and none says anything outside a translation's reach."""

from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_parses(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_a_template_holds_no_inline_style_or_script(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for forbidden in (" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:"):
        assert forbidden not in text, forbidden
    assert "<script>" not in text
