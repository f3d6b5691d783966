"""Every page, for every role, in both languages: valid, labelled, with one heading, and nothing inline."""

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import Role
from policy import Permission, permissions_of
from policy.guard import permission_of
from tests.site.markup import chinese_in, faults, posts_of
from tests.site.world import World, addresses, make_reader, make_world

EMPTY_OK = {303, 302, 404}
"""A page may send elsewhere, and what the world holds may lie outside a role's scope; but never fail."""


@pytest.fixture
def world(app) -> World:
    return make_world()


def is_page(answer: TestResponse) -> bool:
    return answer.status_code == 200 and answer.mimetype == "text/html"


def pages(client: FlaskClient, app, world: World, role: Role):
    """(endpoint, answer) of every page the role's permissions open."""
    allowed = {str(permission) for permission in permissions_of(role)} | {"public"}
    for endpoint, address in sorted(addresses(app, world).items()):
        if permission_of(app, endpoint) in allowed:
            yield endpoint, client.get(address)


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_valid_and_labelled(app, world, sign_in, make_user, role):
    page = sign_in(make_reader(world, make_user, role))
    wrong = []
    for endpoint, answer in pages(page, app, world, role):
        if is_page(answer):
            wrong += [f"{endpoint}: {fault}" for fault in faults(answer.text)]
            if endpoint != "gallery.index":  # it shows what forms look like, and saves nothing
                wrong += [f"{endpoint}: no view takes what is posted to {to}" for to in _refused_posts(app, answer)]
        elif answer.status_code not in {200, *EMPTY_OK}:
            wrong.append(f"{endpoint}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


def _refused_posts(app, answer: TestResponse) -> list[str]:
    """Where the page's forms post to no view that takes a POST; without an action, that is the page's own address."""
    addresses = app.url_map.bind("localhost")
    actions = {urlsplit(to).path or answer.request.path for to in posts_of(answer.text)}
    return [to for to in actions if not addresses.test(to, method="POST")]


@pytest.mark.parametrize("role", list(Role))
def test_every_english_page_is_in_english(app, world, sign_in, make_user, role):
    """Each page for the first role that may open it, and everybody's first page."""
    page = sign_in(make_reader(world, make_user, role, "en"))
    chinese = []
    for endpoint, address in sorted(addresses(app, world).items()):
        if endpoint != "gallery.index" and (endpoint == "homes.show" or first_reader(app, endpoint) is role):
            answer = page.get(address)
            if is_page(answer):
                chinese += [f"{endpoint}: {text}" for text in chinese_in(answer.text)]
    assert chinese == [], "\n".join(chinese)


def first_reader(app, endpoint: str) -> Role | None:
    """The first role whose permissions open the page. The gallery shows what names look like, in Chinese too."""
    needed = permission_of(app, endpoint)
    return next((role for role in Role if needed in {str(one) for one in permissions_of(role)}), None)


def test_the_door_and_the_refusals_are_pages_like_the_others(app, world, client, sign_in, make_user):
    assert faults(client.get("/sign-in").text) == []
    assert faults(client.post("/sign-in", data={"login": "", "password": ""}).text) == []
    page = sign_in(make_reader(world, make_user, Role.FAMILY))
    for address, status in (("/nowhere", 404), ("/audits", 403), ("/sign-out", 405)):
        answer = page.get(address)
        assert answer.status_code == status
        assert faults(answer.text) == []


def test_every_place_of_the_rail_is_open_to_who_sees_it(app, world, sign_in, make_user):
    from blueprints.frame import PLACES

    for role in Role:
        page = sign_in(make_reader(world, make_user, role))
        for place in PLACES:
            if place.permission is Permission.HOME or place.permission in permissions_of(role):
                with app.test_request_context():
                    address = app.url_for(place.endpoint)
                assert page.get(address).status_code in {200, 302, 303}, (role, place.endpoint)
