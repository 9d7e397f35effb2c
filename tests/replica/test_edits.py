"""Articles that appear, change and go while the replica is served."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.replica import Reply, Request, Site
from tests.replica.control import CONTROL_HOST
from tests.replica.edits import PARTS
from tests.replica.gateway import Gateway
from tests.replica.layouts import LAYOUTS
from tests.replica.saved import SavedPages

FRONT = Request.get("https://www.kompas.com/global")


def ask(gateway: Gateway, query: str, host: str = "127.0.0.1") -> Reply:
    """Send a request to the control address."""
    return gateway.answer(Request(scheme="http", host=host, path="/control", query=query))


def page(site: Site, article_id: str) -> Reply:
    """Return the whole of an article."""
    return site.answer(Request.get(site.truth(article_id).url + "?page=all"))


def test_only_so_many_articles_are_out_at_the_start() -> None:
    """The oldest are; publishing shows the others one by one, and ends with the last."""
    whole, site = Site(articles=30), Site(articles=30, start_visible=20)
    assert len(site.stories) == 20
    assert [site.publish(4), site.publish(20), site.publish(1)] == [4, 6, 0]
    titles = [story.title for story in site.stories]
    assert len(titles) == len(whole.stories)
    assert len(set(titles)) >= 29
    times = [story.published_at for story in site.stories]
    assert all(later > earlier for later, earlier in pairwise(times))


@pytest.mark.parametrize("host", ["127.0.0.1", CONTROL_HOST])
def test_the_control_address_publishes(host: str) -> None:
    """publish=N answers how many came out, and the front page shows them."""
    gateway = Gateway(Site(articles=10, start_visible=4))
    assert json.loads(ask(gateway, "publish=5", host).body) == {"published": 5}
    assert json.loads(ask(gateway, "publish=5", host).body) == {"published": 1}
    assert gateway.answer(FRONT).body.count(b'<div class="article__list clearfix">') == 10
    assert [line.path for line in gateway.log.lines] == ["/global"]


@pytest.mark.parametrize("layout", [*LAYOUTS, "2015"])
def test_a_revised_article_shows_its_change(layout: str) -> None:
    """Headline, text and time of update are the new ones, in the page and in listings."""
    gateway = Gateway(site := Site(articles=5, layout=layout))
    before = site.stories[2]
    old = page(site, before.id)
    done = json.loads(ask(gateway, f"revise={before.id}").body)
    story = site.truth(before.id)
    assert done == {"revised": [{"url": before.url, "title": story.title}]}
    assert (story.url, story.published_at) == (before.url, before.published_at)
    assert (story.title != before.title, story.text != before.text) == (True, True)
    assert (story.updated_at is None) is (layout == "2015")
    assert page(site, before.id) != old
    front = site.answer(FRONT).body.decode()
    assert (before.title in front, story.title in front) == (False, True)
    assert story in site.stories


@pytest.mark.parametrize("part", PARTS)
def test_one_part_is_revised(part: str) -> None:
    """what= names the parts; a second revision gives another text again."""
    gateway = Gateway(site := Site(articles=5, layout="2023-11"))
    before = site.stories[0]
    ask(gateway, f"revise={before.id}&what={part}")
    after = site.truth(before.id)
    changed = {
        "title": after.title != before.title,
        "text": after.text != before.text,
        "updated": after.updated_at != before.updated_at,
    }
    assert changed == {name: name == part for name in PARTS}
    ask(gateway, f"revise={before.id}&what={part}")
    assert site.truth(before.id) not in (before, after)


@pytest.mark.parametrize("status", [404, 410])
def test_a_deleted_article_is_gone(status: int) -> None:
    """Its addresses answer 404 or 410, no listing has it, and it can be deleted once only."""
    gateway = Gateway(site := Site(articles=5))
    story = site.stories[1]
    assert story.url in site.answer(FRONT).body.decode()
    assert ask(gateway, f"delete={story.id}&status={status}").status == 200
    assert page(site, story.id).status == status
    assert story.url not in site.answer(FRONT).body.decode()
    assert story.id not in [left.id for left in site.stories]
    assert ask(gateway, f"delete={story.id}").status == 400


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("publish=many", "publish: a number of articles, not 'many'"),
        ("revise=2020-01-01-1", "no article '2020-01-01-1'"),
        ("delete=2020-01-01-1", "no article '2020-01-01-1'"),
        ("revise={id}&what=tags", "no part 'tags'; there are: title, text, updated"),
        ("delete={id}&status=200", "status of a deleted article: 404 or 410, not 200"),
        ("unpublish=1", "unknown: unpublish; known: publish, revise, delete, what, status"),
    ],
)
def test_what_cannot_be_done_is_said(query: str, error: str) -> None:
    """A wrong request changes nothing and is answered 400 with the reason."""
    gateway = Gateway(site := Site(articles=3))
    before = site.stories
    reply = ask(gateway, query.format(id=before[0].id))
    assert (reply.status, json.loads(reply.body)) == (400, {"error": error})
    assert site.stories == before


def test_without_a_change_it_says_what_there_is() -> None:
    """The ids are those that revise and delete take."""
    gateway = Gateway(site := Site(articles=3))
    assert json.loads(ask(gateway, "").body) == {"articles": [story.id for story in site.stories]}


def test_saved_pages_stay_as_they_are(tmp_path: Path) -> None:
    """There is nothing to publish of a folder of pages, and nothing to revise."""
    (tmp_path / "a.html").write_text("<p>saved</p>")
    gateway = Gateway(SavedPages(tmp_path))
    assert json.loads(ask(gateway, "publish=1").body) == {"published": 0}
    assert ask(gateway, "revise=x").status == 400
