"""The audit trail's page."""

from datetime import timedelta

import pytest

from domain.times import utc_now
from extensions import db
from models import Role
from policy import SYSTEM
from services import audit
from tests.factories import BAOTA, CITY, VILLAGE, YANCHANG, make_divisions


@pytest.fixture
def trail(app):
    make_divisions()
    now = utc_now()
    audit.record("senior.reveal", "senior", "1", by=SYSTEM, now=now, division_code=VILLAGE, reason="核对身份")
    audit.record("rule.set", "rule", "2", by=SYSTEM, now=now - timedelta(days=2), changes={"value": ["1", "2"]})
    db.session.commit()


def auditor(make_user, division_code=CITY):
    return make_user(Role.AUDITOR, division_code=division_code)


def test_the_auditor_reads_who_did_what_and_why(trail, sign_in, make_user):
    text = sign_in(auditor(make_user)).get("/audits").text
    assert "查看完整号码" in text
    assert "核对身份" in text
    assert "赵家岸村" in text
    assert "设定规则" in text[text.index("<tbody>") :]


def test_filters_narrow_the_trail(trail, sign_in, make_user):
    page = sign_in(auditor(make_user))

    def rows(address):
        text = page.get(address).text
        return text.count("<time ")

    assert rows("/audits") == 2
    assert rows("/audits?act=reads") == 1
    assert rows("/audits?act=rule.set") == 1
    assert rows(f"/audits?day={utc_now() + timedelta(hours=8):%Y-%m-%d}") == 1
    assert rows("/audits?person=无此人") == 0
    assert rows("/audits?day=yesterday&act=nonsense") == 2


def test_a_countys_auditor_sees_that_county_only(trail, sign_in, make_user):
    assert "核对身份" in sign_in(auditor(make_user, BAOTA)).get("/audits").text
    assert "核对身份" not in sign_in(auditor(make_user, YANCHANG)).get("/audits").text


def test_nobody_else_sees_it(sign_in, make_user, trail):
    assert sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA)).get("/audits").status_code == 403


def sealed(times):
    make_divisions()
    for number in range(times):
        audit.record("rule.set", "rule", str(number), by=SYSTEM, now=utc_now())
        db.session.flush()
        audit.seal(utc_now())
    db.session.commit()


def test_the_chain_is_computed_again_at_the_press_of_a_button(sign_in, make_user, app):
    sealed(3)
    page = sign_in(auditor(make_user))
    assert page.post("/audits/check").status_code == 303
    assert "都完整" in page.get("/audits").text


def test_a_broken_link_is_named(sign_in, make_user, app, monkeypatch):
    sealed(2)
    page = sign_in(auditor(make_user))
    monkeypatch.setattr(audit, "digest_of", lambda _previous, _entries: "changed")
    page.post("/audits/check")
    assert "对不上" in page.get("/audits").text


def test_a_check_of_the_latest_links_computes_no_older_ones(app, monkeypatch):
    sealed(5)
    computed = []
    digest_of = audit.digest_of
    monkeypatch.setattr(audit, "digest_of", lambda *given: computed.append(1) or digest_of(*given))
    assert list(audit.broken_links(latest=2)) == []
    assert len(computed) == 2
    assert list(audit.broken_links()) == []
    assert len(computed) == 7
