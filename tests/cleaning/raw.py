"""Raw articles made by hand."""

from kompascrawler.items import Article, Block, BlockType, Halaman

HALAMAN = Halaman(
    pages_expected=1,
    pages_fetched=1,
    route="single",
    words_declared=None,
    words_counted=0,
    complete=None,
)


def article(*texts: str, kind: BlockType = "paragraph") -> Article:
    """Return a raw article with these blocks."""
    return Article(
        id="2020-10-17-160000470",
        url="https://www.kompas.com/global/read/2020/10/17/160000470/x",
        title="Judul",
        published_at="2020-10-17T16:00:00+07:00",
        halaman=HALAMAN,
        blocks=[Block(type=kind, text=text, page=1) for text in texts],
    )
