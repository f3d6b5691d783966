"""Rules of the house that a tool can watch."""

import platform
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_platform_is_still_pythons_own_module():
    assert not (ROOT / "platform" / "__init__.py").exists()
    found = subprocess.run([sys.executable, "-c", "import platform; print(platform.__file__)"],
                           cwd=ROOT, capture_output=True, text=True, check=True)  # fmt: skip
    assert Path(found.stdout.strip()).parent == Path(sysconfig.get_path("stdlib"))
    assert platform.python_version()


def test_no_name_in_platform_hides_a_module_of_python_or_a_distribution():
    ours = {path.stem for path in (ROOT / "platform").iterdir() if not path.name.startswith((".", "_"))}
    installed = {name for name, places in metadata.packages_distributions().items() if places}
    assert not ours & set(sys.stdlib_module_names)
    assert not ours & installed


def test_only_the_edge_commits():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("platform", "scheduler")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ".commit(" in line
    ]
    assert found == [one for one in found if one.startswith("platform/extensions/database.py")]
    assert len(found) == 1


def test_no_view_talks_to_the_database():
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "platform" / "blueprints").rglob("*.py")
        if any(word in path.read_text() for word in ("select(", "session.execute(", "session.scalars("))
    ]
    assert found == []
