"""The hazards do to a real browser what they are for."""

from collections.abc import Iterator

import pytest

from tests.replica import Site
from tests.replica.serve import Replica, serve

pytest.importorskip("playwright", reason="needs the extra browser")

from playwright.sync_api import Browser, Dialog, Error, Page
from playwright.sync_api import TimeoutError as PatienceLost

from tests.replica.browser import chromium, tab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser for all tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica[Site]]:
    """Play a site whose faults each test orders anew."""
    with serve(Site(seed=5, articles=20)) as replica:
        yield replica


@pytest.fixture
def page(browser: Browser, replica: Replica[Site]) -> Iterator[Page]:
    """Return a tab."""
    with tab(browser, replica) as page:
        yield page
    replica.faults.clear()


def visit(page: Page, replica: Replica[Site], name: str) -> None:
    """Go to an article under a hazard."""
    replica.faults.add(name, path="/read/")
    page.goto(replica.site.stories[0].url)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("no_content", "ERR_ABORTED"),
        ("download", "Download is starting"),
        ("redirect_loop", "ERR_TOO_MANY_REDIRECTS"),
        ("redirect_off", "ERR_TUNNEL_CONNECTION_FAILED"),
        ("drop", "ERR_EMPTY_RESPONSE"),
    ],
)
def test_answers_that_are_no_page(
    page: Page, replica: Replica[Site], name: str, error: str
) -> None:
    """The browser refuses them at once."""
    with pytest.raises(Error, match=error):
        visit(page, replica, name)


@pytest.mark.parametrize("name", ["never_loads", "half_body", "abort"])
def test_pages_that_are_never_loaded(page: Page, replica: Replica[Site], name: str) -> None:
    """Nothing tells the browser's driver that it waits in vain."""
    page.set_default_timeout(1_500)
    with pytest.raises(PatienceLost):
        visit(page, replica, name)


def test_alerts_and_popups(page: Page, replica: Replica[Site]) -> None:
    """All three come, the dialogues in the way of the page's loading."""
    seen: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        seen.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", dismiss)
    with page.expect_popup():
        visit(page, replica, "alert")
    assert seen == ["alert", "confirm"]


def test_a_script_leads_elsewhere(page: Page, replica: Replica[Site]) -> None:
    """The page that is there in the end is not the one asked for."""
    visit(page, replica, "leave")
    page.wait_for_url("https://www.kompas.com/global")


def test_a_private_address_answers_nothing_of_use(page: Page, replica: Replica[Site]) -> None:
    """A browser follows there, and the log shows it."""
    visit(page, replica, "redirect_private")
    assert (replica.log[-1].host, replica.log[-1].status) == ("169.254.169.254", 502)


def test_a_loop_for_ever_lets_the_page_load_and_then_nothing(
    page: Page, replica: Replica[Site]
) -> None:
    """After the load no script of ours is answered any more."""
    visit(page, replica, "loop")
    with pytest.raises(PatienceLost):
        # True at the tenth question: the loop begins at once, but after the page has loaded.
        page.wait_for_function("(asked = (window.asked || 0) + 1) > 9", polling=20, timeout=2_000)
