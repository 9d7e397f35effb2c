"""What addresses of articles answer beside their pages: 304, failures, the other grammar."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.replica import Reply, Request, Site, Story
from tests.replica.article_answers import ALL_ANSWERS
from tests.replica.counting import site_words
from tests.replica.layouts import LAYOUTS

BRAND_SAFETY = re.compile(r'var keywordBrandSafety = "([^"]*)";')


def ask(
    site: Site, story: Story, query: str = "", headers: Mapping[str, str] | None = None
) -> Reply:
    """Request an article."""
    return site.answer(replace(Request.get(story.url), query=query, headers=headers or {}))


@pytest.mark.parametrize("layout", ["2023-11", "2015"])
@pytest.mark.parametrize(
    ("ours", "theirs"), [("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")]
)
def test_a_known_page_is_answered_304(layout: str, ours: str, theirs: str) -> None:
    """Until the article is revised; news around it makes no difference."""
    site = Site(articles=5, layout=layout)
    story = site.stories[0]
    known = {ours: ask(site, story).headers[theirs]}
    site.publish(3)
    reply = ask(site, story, headers=known)
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers[theirs] == known[ours]
    site.revise(story.id, ["text"])
    assert ask(site, story, headers=known).status == 200


def test_tags_count_before_times() -> None:
    """A tag of another page is not known, whatever the time; nonsense is not, either."""
    site = Site(articles=5)
    story = site.stories[0]
    modified = ask(site, story).headers["Last-Modified"]
    for headers in (
        {"if-none-match": '"other"', "if-modified-since": modified},
        {"if-modified-since": "yesterday"},
    ):
        assert ask(site, story, headers=headers).status == 200
    assert ask(site, story, headers={"if-none-match": "*"}).status == 304


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *((name, int(name)) for name in ("400", "403", "404", "410", "500")),
        *(("empty", 200), ("login", 200), ("challenge", 403), ("never", 200), ("front", 302)),
    ],
)
def test_all_answers_something_else(kind: str, status: int) -> None:
    """?page=all answers so, the first page and the numbered ones as ever."""
    site, usual = Site(articles=12, all_answers=kind), Site(articles=12)
    story = next(story for story in site.stories if len(story.pages) > 1)
    reply = ask(site, story, "page=all")
    assert reply.status == status
    assert (reply != ask(usual, story, "page=all")) is True
    for query in ("", "page=2"):
        assert ask(site, story, query) == ask(usual, story, query)


def test_every_answer_of_all_is_tested_and_others_are_refused() -> None:
    """The table above is that of the replica."""
    assert len(ALL_ANSWERS) == 10
    with pytest.raises(ValueError, match="no answer 'x'; there are: 400, "):
        Site(all_answers="x")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_1_carries_the_words_of_the_whole_article_since_2023(layout: str) -> None:
    """Decoded once its words are those that the site counts; decoded twice it is the text."""
    site = Site(articles=40, layout=layout)
    for story in site.stories:
        page = ask(site, story).body.decode()
        found = BRAND_SAFETY.search(page)
        assert (found is not None) is (layout >= "2023")
        if found is None:
            continue
        once = html.unescape(found[1])
        declared = re.search(r'name="content_total_words" content="(\d+)"', page)
        assert declared
        assert site_words(once) == int(declared[1])
        text = iter(re.findall(r"\w+", html.unescape(once)))
        assert all(word in text for word in re.findall(r"\w+", story.text))


def test_addresses_of_the_second_grammar() -> None:
    """Year, letter of the month and day stand in one number; both grammars answer alike."""
    site, usual = Site(articles=5, short_addresses=True), Site(articles=5)
    story, other = site.stories[0], usual.stories[0]
    assert re.search(r"/global/read/26K20\d{6}\d70/", story.url)
    assert (story.id, story.title) == (other.id, other.title)
    assert story.url in site.answer(Request.get("https://www.kompas.com/global")).body.decode()
    assert ask(site, story).status == ask(site, other).status == ask(usual, story).status == 200
