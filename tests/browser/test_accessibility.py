"""axe finds nothing serious, on a desk and on a phone, in both languages, in standard and in large type."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from extensions import db
from models import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.site.world import addresses, make_reader, make_world

GRAVE = {"serious", "critical"}
LOOKS = {
    "desk": {"viewport": DESKTOP, "language": "zh_Hans", "is_big_type": False},
    "phone in English": {"viewport": PHONE, "language": "en", "is_big_type": False},
    "phone in large type": {"viewport": PHONE, "language": "zh_Hans", "is_big_type": True},
}
KEY_PAGES = {
    Role.CITY_OFFICER: ("homes.show", "seniors.index", "divisions.index", "rules.index"),
    Role.COUNTY_OFFICER: (
        "homes.show",
        "seniors.show",
        "seniors.new",
        "centres.index",
        "canteens.index",
        "helpers.index",
    ),
    Role.TOWNSHIP_CLERK: ("homes.show", "visits.index", "visits.show", "visit_plans.show"),
    Role.DISPATCHER: ("homes.show", "alerts.index", "alerts.show", "rounds.index", "rounds.new", "messages.index"),
    Role.CENTRE_MANAGER: ("homes.show", "rosters.show", "rosters.index"),
    Role.CANTEEN_MANAGER: ("homes.show", "kitchens.index", "kitchens.show", "kitchens.menu"),
    Role.HELPER: ("homes.show", "visits.today", "visits.log"),
    Role.FAMILY: ("homes.show", "meals.index", "meals.show", "visits.index"),
    Role.AUDITOR: ("homes.show", "audits.index", "gallery.index"),
    Role.ADMINISTRATOR: ("homes.show", "users.index", "sessions.password"),
}


def grave_faults(page) -> list[str]:
    """What axe calls serious or critical: the rule, and where."""
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def is_too_wide(page) -> bool:
    """Whether the page scrolls sideways."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth + 1"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", list(Role))
def test_key_pages(app, live, open_page, signed_in, make_user, role, look):
    options = LOOKS[look]
    world = make_world()
    reader = make_reader(world, make_user, role, options["language"])
    reader.is_big_type = options["is_big_type"]
    db.session.commit()
    there = addresses(app, world)
    page = open_page(viewport=options["viewport"])
    signed_in(page, reader)
    found = []
    for endpoint in KEY_PAGES[role]:
        if endpoint in there:
            page.goto(live + there[endpoint])
            found += [f"{endpoint}: {fault}" for fault in grave_faults(page)]
            if is_too_wide(page):
                found.append(f"{endpoint}: wider than the screen")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("look", LOOKS)
def test_the_door(app, live, open_page, look):
    page = open_page(viewport=LOOKS[look]["viewport"])
    page.goto(live + "/sign-in")
    assert grave_faults(page) == []
    page.click("form.form button[type=submit]")
    assert page.locator("[role=alert]").is_visible()
    assert grave_faults(page) == []
    assert not is_too_wide(page)
