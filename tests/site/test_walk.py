"""The whole site, walked as every role in a city with a day behind it: no dead link, no page dearer as it grows."""

from collections import Counter
from datetime import timedelta

import time_machine

from .conftest import NOON
from .crawler import Visited, crawl

BUDGET = 16
"""Statements a page may cost, those of knowing who asks among them."""
ALLOWED = {"seniors.show": 32, "seniors.change_status": 20, "seniors.report_death": 20}
"""A senior's own page gathers a whole life: visits, meals, attendance, texts and all that is known of a person."""
SMALL, LARGE = 100, 10_000
PER_KEY = {"rules.index"}
"""Asks once for each key of the fixed list of rules, whatever the rows."""
_RESTING = timedelta(minutes=3)


def _walk(app, users, *, of_each_kind: int) -> dict[str, list[Visited]]:
    with time_machine.travel(NOON + _RESTING, tick=False):
        return {name: list(crawl(app, user, of_each_kind=of_each_kind)) for name, user in users.items()}


def _costs(walks: dict[str, list[Visited]]) -> dict[str, int]:
    """The dearest page of each endpoint, whoever asked for it."""
    costs: dict[str, int] = {}
    for page in (page for pages in walks.values() for page in pages):
        if page.endpoint.endswith(".export"):
            continue  # a file of everything that was filtered: read in chunks
        costs[page.endpoint] = max(costs.get(page.endpoint, 0), len(page.statements))
    return costs


def test_every_link_of_every_role_leads_somewhere_and_no_page_asks_the_same_again_and_again(app, city):
    walks = _walk(app, city(SMALL), of_each_kind=2)
    pages = [(name, page) for name, walk in walks.items() for page in walk]
    broken = [
        f"{name}: {page.url} answers {page.status}, on {page.found_on}" for name, page in pages if page.status >= 400
    ]
    assert broken == []
    assert all(len(walk) >= 3 for walk in walks.values()), "every role has somewhere to go"
    repeated = {
        f"{name} {page.endpoint}": {text: count for text, count in Counter(page.statements).items() if count > 2}
        for name, page in pages
        if page.endpoint not in PER_KEY and any(count > 2 for count in Counter(page.statements).values())
    }
    assert repeated == {}


def test_a_page_costs_no_more_statements_at_ten_thousand_seniors_than_at_a_hundred(app, city):
    small = _costs(_walk(app, city(SMALL), of_each_kind=2))
    large = _costs(_walk(app, city(LARGE), of_each_kind=1))
    assert {endpoint: cost for endpoint, cost in large.items() if cost > ALLOWED.get(endpoint, BUDGET)} == {}
    assert {end: (small[end], large[end]) for end in small if large.get(end, 0) > small[end]} == {}
