"""From what a person names to a page."""

import gzip
import json
from pathlib import Path

import pytest

from kompascrawler.debugging.pages import FoundPage, NoSuchPage, find_page
from kompascrawler.sections import SECTIONS
from kompascrawler.store.kept import Rejection, save_rejected
from kompascrawler.store.model import ArticleHistory, ArticleState

ID = "2020-10-17-160000470"
URL = "https://www.kompas.com/global/read/2020/10/17/160000470/gempa"
PAGE = f'<link rel="canonical" href="{URL}"><div class="read__content">Isi</div>'.encode()


def story_in(state: ArticleState) -> ArticleHistory:
    """Return what a store knows of the article."""
    seen = "2026-11-22T12:00:00+00:00"
    return ArticleHistory(ID, URL, None, seen, state, 0, None, None, [], [], [], None)


def find(
    name: str, data_dir: Path, state: ArticleState | None = None, section: str = "global"
) -> FoundPage:
    """Find a page where the store knows the article in this state, or does not know it."""
    known = story_in(state) if state else None
    return find_page(
        name, data_dir=data_dir, section=SECTIONS[section], history=lambda article_id: known
    )


def reject(data_dir: Path) -> None:
    """Keep a refused page of the article."""
    rejection = Rejection(
        article_id=ID,
        url=URL,
        reason="no_body",
        message="has no body",
        encoding="utf-8",
        run_id="r",
    )
    save_rejected(data_dir, rejection, PAGE)


@pytest.mark.parametrize("name", [URL, "HTTPS://www.kompas.com/global", "http://x.example/y.html"])
def test_an_address_is_to_be_fetched(name: str, tmp_path: Path) -> None:
    """What looks like an address is one."""
    assert find(name, tmp_path) == FoundPage(url=name)


def test_an_address_without_a_scheme_is_one(tmp_path: Path) -> None:
    """Browsers show addresses so."""
    assert find("www.kompas.com/global", tmp_path) == FoundPage(url="https://www.kompas.com/global")


@pytest.mark.parametrize("suffix", [".html", ".html.gz"])
def test_a_saved_page_has_the_address_it_states(suffix: str, tmp_path: Path) -> None:
    """Without a note the page itself says which one it is; zipped or not."""
    path = tmp_path / f"saved{suffix}"
    path.write_bytes(gzip.compress(PAGE) if suffix.endswith("gz") else PAGE)
    found = find(str(path), tmp_path)
    assert (found.url, found.body, found.encoding) == (URL, PAGE, None)
    assert find(path.as_uri(), tmp_path) == found


@pytest.mark.parametrize("key", ["url", "asked"])
def test_the_note_beside_a_page_counts_more(key: str, tmp_path: Path) -> None:
    """Pages that the crawler has kept have a note with the address that was asked for."""
    path = tmp_path / "1.html.gz"
    path.write_bytes(gzip.compress(PAGE))
    note = {key: f"{URL}?page=all", "encoding": "cp1252", "cause": "title gone"}
    (tmp_path / "1.json").write_text(json.dumps(note))
    found = find(str(path), tmp_path)
    assert found.url == f"{URL}?page=all"
    assert (found.encoding, found.body) == ("cp1252", PAGE)
    assert found.remark == f"{path} was kept because: title gone"


def test_a_page_that_says_nothing_has_the_address_of_its_file(tmp_path: Path) -> None:
    """A challenge page names no article; it can be looked at all the same."""
    path = tmp_path / "x.html"
    path.write_text("<h1>Just a moment...</h1>")
    assert getattr(find(str(path), tmp_path), "url", None) == path.as_uri()


@pytest.mark.parametrize("state", [None, "waiting", "given_up", "dropped"])
def test_an_id_is_its_refused_page(state: ArticleState | None, tmp_path: Path) -> None:
    """Where the article is not stored, the refused page is what a debugger wants."""
    reject(tmp_path)
    found = find(ID, tmp_path, state)
    assert (found.url, found.body) == (URL, PAGE)
    assert (found.remark or "").endswith(" was kept because: has no body")


def test_a_stored_article_is_asked_for(tmp_path: Path) -> None:
    """A page that was refused before the article was stored says nothing of the record."""
    reject(tmp_path)
    assert find(ID, tmp_path, "stored") == FoundPage(url=URL)


def test_an_id_that_nobody_knows_is_asked_for_by_an_address_made_of_it(tmp_path: Path) -> None:
    """The section's articles stand under its front page; that the address is made is said."""
    found = find(ID, tmp_path)
    assert found.body is None
    assert found.url == "https://www.kompas.com/global/read/2020/10/17/160000470"
    assert found.remark


@pytest.mark.parametrize(
    ("article_id", "section"), [("2020-10-17-160000426", "global"), (ID, "any")]
)
def test_an_id_that_does_not_tell_its_address_is_refused(
    article_id: str, section: str, tmp_path: Path
) -> None:
    """The number of another section, or a section of many channels, names no address."""
    with pytest.raises(NoSuchPage, match="give its address"):
        find(article_id, tmp_path, section=section)


def test_a_refused_page_without_an_id_has_a_name(tmp_path: Path) -> None:
    """What stands for the missing id in the folder stands for it here."""
    rejection = Rejection(
        article_id=None, url="https://www.kompas.com/global", reason="no_layout", message="front",
        encoding="utf-8", run_id="r",
    )  # fmt: skip
    name = save_rejected(tmp_path, rejection, PAGE).name.removesuffix(".html.gz")
    assert getattr(find(name, tmp_path), "url", None) == "https://www.kompas.com/global"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.html", None),
        ("torn.html.gz", gzip.compress(PAGE, mtime=0)[:-9]),
        ("plain.html.gz", PAGE),
        ("noise.html.gz", b"\x1f\x8b\x08" + bytes(40)),
        ("nul\0.html", None),
        ("", None),
    ],
)
def test_what_is_no_page_is_refused_in_one_line(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    """Whatever the file holds, the message is one line that names it."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NoSuchPage) as refusal:
        find(str(path), tmp_path)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["http://", "https://[::1", "https://kompas.com:99999/x", ""])
def test_what_is_no_address_is_not_asked_for(name: str, tmp_path: Path) -> None:
    """What names no host, or nothing at all, is told with what is taken."""
    with pytest.raises(NoSuchPage, match="give"):
        find(name, tmp_path)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unzips to more than a page can be is not read to its end."""
    monkeypatch.setattr("kompascrawler.debugging.pages.LARGEST", 1000)
    path = tmp_path / "bomb.html.gz"
    path.write_bytes(gzip.compress(bytes(1001)))
    with pytest.raises(NoSuchPage, match="is no page"):
        find(str(path), tmp_path)


def test_a_damaged_note_is_told(tmp_path: Path) -> None:
    """A note that is no JSON is not passed over: the address would be a guess."""
    (tmp_path / "1.html").write_bytes(PAGE)
    (tmp_path / "1.json").write_text("{")
    with pytest.raises(NoSuchPage, match=r"1\.json"):
        find(str(tmp_path / "1.html"), tmp_path)
