"""Who wants to know what is cut is told of all of it."""

from collections import Counter

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import Cuts
from kompascrawler.items import Block
from kompascrawler.pages import article_page
from tests.pages.cases import NAMES, load

URL = "https://www.kompas.com/global/read/2020/10/17/160000470/x"


class Told(Cuts):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[tuple[str, str, str, int]] = []
        self.below: list[str] = []

    def note(self, rule: str, block: Block, before: str, after: str, times: int = 1) -> None:
        super().note(rule, block, before, after, times)
        self.notes.append((rule, before, after, times))

    def note_below(self, rule: str, blocks: object) -> None:
        self.below += [block.text for block in blocks]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_every_count_was_told(name: str) -> None:
    """On every committed page the notes add up to what cleaning counts, and change nothing."""
    case = load(name)
    raw = article_page(case.asked, case.body).to_item()
    told = Told()
    assert clean(raw, told) == clean(raw)
    counted = Counter(clean(raw).removed) - Counter(raw.removed)
    noted = Counter[str]()
    for rule, before, after, times in told.notes:
        noted[rule] += times
        assert before != after
    assert noted == counted


def test_what_stands_below_the_article_is_told_and_not_counted() -> None:
    """The line of the list of other stories is counted once, whatever stands below it."""
    body = b"".join(b"<p>%b</p>" % text for text in (b"Isi.", b"Terkini Lainnya", b"Lain.", b"X."))
    raw = article_page(URL, b'<div class="read__content">' + body + b"</div>").to_item()
    told = Told()
    assert clean(raw, told).text == "Isi."
    assert told.below == ["Lain.", "X."]
    assert told["latest_box"] == 1
