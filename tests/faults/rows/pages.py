"""Pages of articles in another form, or damaged: what is read of them, and what is tried again."""

from typing import Final

from kompascrawler.outcome.cards import ExitStatus
from tests.faults.row import ARTICLES, Row, fault

_BODY: Final = r'(class="read__content[^>]*>)'
_CALL: Final = "<p>Ayo masuk Saluran WhatsApp Kompas.com sekarang juga.</p>"
_LABEL: Final = r"(<p>(?:<[a-z]+>)*)Baca juga"
_COMMENTS: Final = '<div class="komentar-bar">Komentar: 3</div>'

PAGES_OF_ANOTHER_FORM: Final = (
    Row(
        name="Bytes that fit no encoding",
        planted="four of them in every paragraph",
        trouble=fault("rewrite", path=ARTICLES, rules=[("<p>", "<p>" + 4 * "\udcff")]),
        status=ExitStatus.FAILED,
        had=0,
    ),
    Row(
        name="Class names among others",
        planted="another one before each of the article's own",
        trouble=fault("rewrite", path=ARTICLES, rules=[('class="(?=read__)', 'class="clearfix ')]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/pages/test_class_tokens.py",
    ),
    Row(
        name="Text that no reader sees",
        planted="a hidden paragraph at the beginning of each article",
        trouble=fault("rewrite", path=ARTICLES, rules=[(_BODY, r"\1<p hidden>Iklan.</p>")]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/pages/test_body.py",
    ),
    Row(
        name="Box in the text",
        planted="the number of comments at the beginning of each article, as in 2026",
        trouble=fault("rewrite", path=ARTICLES, rules=[(_BODY, rf"\1{_COMMENTS}")]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Text that no reader sees",
    ),
    Row(
        name="Related links with another label",
        planted="`Simak juga:` for `Baca juga:` at the beginning of a paragraph",
        trouble=fault("rewrite", path=ARTICLES, rules=[(_LABEL, r"\1Simak juga")]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/pages/test_related.py",
    ),
    Row(
        name="Control characters",
        planted="ESC, BEL and others in every paragraph and headline",
        trouble=fault("rewrite", path=ARTICLES, rules=[("(<p>|<h1[^>]*>)", "\\1\x1b\x07\x9b\x08")]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/test_terminal.py and tests/cleaning/",
    ),
    Row(
        name="Photos that a script loads",
        planted="`data-src` for `src` in every picture",
        trouble=fault("rewrite", path=ARTICLES, rules=[("(<img[^>]*) src=", r"\1 data-src=")]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/pages/test_body.py",
    ),
    Row(
        name="Call to join a channel",
        planted="in words that no list has, at the beginning of each article",
        trouble=fault("rewrite", path=ARTICLES, rules=[(_BODY, rf"\1{_CALL}")]),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/cleaning/",
    ),
    Row(
        name="Elements within words",
        planted="an empty one and a `<wbr>` behind the first letters of each paragraph",
        trouble=fault(
            "rewrite", path=ARTICLES, rules=[("(<p>[A-Za-z])([a-z])", r"\1<span></span>\2<wbr>")]
        ),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/pages/test_body.py",
    ),
    Row(
        name="Headline not in its place",
        planted="its class is renamed",
        trouble=fault("rewrite", path=ARTICLES, rules=[("read__title", "kepala")]),
        new=3,
        status=ExitStatus.FINE,
        had=3,
        only_soak="every day tests/pages/test_read.py and tests/drift/",
    ),
)
