"""Articles whose pages can be had in other ways than the usual: what their addresses answer."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.cleaning import clean
from kompascrawler.pages import PageRefused, article_page
from tests.replica import Reply, Request, Site, Story
from tests.replica.behaviours import BEHAVIOURS, deal

NAMES = list(BEHAVIOURS)


@pytest.fixture(scope="module", params=NAMES)
def one_way(request: pytest.FixtureRequest) -> Site:
    """Return a site whose articles all behave alike."""
    return Site(seed=3, articles=25, halaman=request.param)


def answer(site: Site, story: Story, query: str) -> Reply:
    """Answer a request for an article."""
    return site.answer(Request.get(f"{story.url}?{query}"))


def texts(reply: Reply, story: Story) -> list[str]:
    """Return the texts of the blocks that an answer holds, read as the crawler reads them."""
    try:
        return [block.text for block in clean(article_page(story.url, reply.body).to_item()).blocks]
    except PageRefused:
        return []


def numbered(site: Site, story: Story) -> list[Reply]:
    """Return the answers to ``?page=1`` to the last."""
    return [answer(site, story, f"page={n}") for n in range(1, len(story.pages) + 1)]


def divided(site: Site) -> list[Story]:
    """Return the articles of several pages."""
    return [story for story in site.stories if len(story.pages) > 1]


def truth(story: Story) -> list[str]:
    """Return the texts of the blocks that a perfect record holds."""
    return [block.text for block in story.blocks]


def test_every_article_has_the_pages_that_its_behaviour_needs(one_way: Site) -> None:
    """A page in the middle can only be missing where there are three."""
    for story in one_way.stories:
        assert len(story.pages) >= BEHAVIOURS[story.behaviour].least_pages


def test_all_holds_the_article_exactly_where_it_is_the_route(one_way: Site) -> None:
    """``?page=all`` is whole for the behaviours that say so and page 1's text for the others."""
    for story in divided(one_way):
        found = texts(answer(one_way, story, "page=all"), story)
        behaviour = BEHAVIOURS[story.behaviour]
        assert (found == truth(story)) is (behaviour.route == "all"), story.url
        if behaviour.route != "all":
            assert found == texts(answer(one_way, story, ""), story)


def test_numbered_pages_hold_the_article_where_http_can(one_way: Site) -> None:
    """Joined, they are whole for the routes "all" and "numbered" and for no other."""
    for story in divided(one_way):
        found = [text for reply in numbered(one_way, story) for text in texts(reply, story)]
        by_http = BEHAVIOURS[story.behaviour].route in ("all", "numbered")
        assert (found == truth(story)) is by_http, story.url


def test_declared_words_are_the_whole_article_s(one_way: Site) -> None:
    """However little an answer holds, it declares what all pages hold."""
    usual = Site(seed=3, articles=25, halaman={"normal": 1})
    pattern = re.compile(rb'content_total_words" content="(\d+)"')
    for story in one_way.stories:
        stated = {
            found[1]
            for query in ("page=all", "page=1", "")
            if (found := pattern.search(answer(one_way, story, query).body))
        }
        assert len(stated) == 1
        if BEHAVIOURS[story.behaviour].least_pages == 1 and story.behaviour != "script_body":
            assert pattern.search(answer(usual, story, "").body)[1] in stated  # type: ignore[index]  # every page declares them


def test_scripted_pages_answer_at_their_own_address(one_way: Site) -> None:
    """What the scripts fetch is there exactly for the behaviours whose scripts fetch."""
    fetches = BEHAVIOURS[one_way.stories[0].behaviour].script not in (None, "body")
    for story in divided(one_way):
        url = story.url.replace("/read/", "/halaman/")
        reply = one_way.answer(Request.get(f"{url}?n=2"))
        assert reply.status == (200 if fetches else 404)
        assert one_way.answer(Request.get(f"{url}?n=99")).status == 404


@pytest.mark.parametrize("status", [404, 500])
def test_the_page_in_the_middle_is_missing(status: int) -> None:
    """Of the pages one answers the status, neither the first nor the last."""
    site = Site(articles=20, halaman=f"missing_{status}")
    for story in site.stories:
        statuses = [reply.status for reply in numbered(site, story)]
        assert Counter(statuses) == {200: len(statuses) - 1, status: 1}
        assert statuses[0] == statuses[-1] == 200


def test_pages_out_of_order_are_listed_so_and_come_late() -> None:
    """The pager does not count upwards, and each page answers later than the next."""
    site = Site(articles=20, halaman="out_of_order")
    for story in site.stories:
        replies = numbered(site, story)
        listed = re.findall(r'href="[^"]*\?page=(\d+)">\d', replies[0].body.decode())
        assert sorted(listed) == [str(n + 1) for n in range(len(replies))] != listed
        delays = [reply.delay for reply in replies]
        assert delays == sorted(delays, reverse=True)
        assert delays[0] > delays[-1]


def test_an_answer_may_look_like_the_whole_and_be_page_1() -> None:
    """``all_first_numbers_work``: the title says all and no pager stands there."""
    site = Site(articles=20, halaman="all_first_numbers_work")
    page = answer(site, site.stories[0], "page=all").body
    assert b" Halaman all - Kompas.com" in page
    assert b"paging--article" not in page


@pytest.mark.parametrize("name", ["script_pager", "next_click", "next_click_swap"])
def test_links_without_addresses(name: str) -> None:
    """Nothing on the page names the address of another page of the article."""
    site = Site(articles=20, halaman=name)
    for story in site.stories:
        page = answer(site, story, "page=all").body.decode()
        assert f"{story.url}?" not in page
        assert "javascript:void(0)" in page.partition("terkini")[0]


@pytest.mark.parametrize("name", NAMES)
def test_scripts_of_the_behaviours_are_inline(name: str) -> None:
    """A behaviour adds no script from elsewhere to what every page of its layout has."""
    external = re.compile(rb'<script[^>]+src=\\?"([^"\\]+)')
    usual, site = (Site(articles=20, halaman=halaman) for halaman in ("normal", name))
    known = {url for s in usual.stories for url in external.findall(answer(usual, s, "").body)}
    for story in site.stories:
        assert set(external.findall(answer(site, story, "").body)) <= known


def test_normal_changes_nothing() -> None:
    """A site without a word about Halaman is the site it always was."""
    assert Site(articles=30).stories == Site(articles=30, halaman="normal").stories


def test_the_mix_has_all_behaviours_among_forty_articles() -> None:
    """Any forty in a row have each behaviour; the usual one is the most frequent."""
    site = Site(seed=8, articles=150, halaman="mix")
    names = [site.behaviour(story.id) for story in site.stories]
    assert all(set(names[n : n + 40]) == set(NAMES) for n in range(110))
    assert Counter(names).most_common(1)[0][0] == "normal"


@given(seed=st.integers(), share=st.floats(0, 1), serial=st.integers(-(10**6), 10**6))
def test_shares_are_kept(seed: int, share: float, serial: int) -> None:
    """Among 200 articles from anywhere a behaviour is as frequent as its share, within three."""
    behaviour = deal({"scroll": share}, seed)
    count = sum(behaviour(serial + n) == "scroll" for n in range(200))
    assert abs(count - 200 * share) <= 3


def test_shares_above_one_are_weights() -> None:
    """Three to one, as 0.75 to 0.25."""
    behaviour = deal({"scroll": 3, "ten_pages": 1}, 1)
    assert Counter(map(behaviour, range(200))) == {"scroll": 150, "ten_pages": 50}


def test_republished_articles_behave_as_they_did_first() -> None:
    """A republication has the pages of the first, and its behaviour."""
    site = Site(articles=900, halaman="mix")
    again = [story for story in site.stories if story.original]
    assert again
    for story in again:
        assert story.behaviour == site.behaviour(story.original or "")
        assert len(story.pages) >= BEHAVIOURS[story.behaviour].least_pages


@pytest.mark.parametrize("halaman", ["nothing", {"nothing": 0.5}, {"scroll": -1.0}])
def test_what_is_no_share_is_refused(halaman: str | dict[str, float]) -> None:
    """Unknown names and negative shares are errors."""
    with pytest.raises(ValueError, match=r"behaviour|below 0"):
        Site(halaman=halaman)
