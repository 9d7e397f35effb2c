"""The looks an article page of the replica can have: what differs between them, as data.

Each one is the "read" template as captured in one month (SITE.md sections 2 to 6); the markup
around the differences stands in ``article.py``. ``LAYOUTS`` is the place to register another.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tests.replica import furniture
from tests.replica.story import Story

TELEGRAM = (
    '<div style="height:1px" id="EndOfArticle"></div>\n'
    "<i>Dapatkan update <b>berita pilihan</b> dan <b>breaking news</b> setiap hari dari "
    'Kompas.com. Mari bergabung di Grup Telegram "Kompas.com News Update", caranya klik link '
    '<a href="https://t.me/kompascomupdate" rel="nofollow">https://t.me/kompascomupdate</a>, '
    "kemudian join. Anda harus install aplikasi Telegram terlebih dulu di ponsel.</i> \n"
)
WHATSAPP = (
    "\n<p><em>Simak breaking news dan berita pilihan kami langsung di ponselmu. Pilih saluran "
    "andalanmu akses berita Kompas.com WhatsApp Channel : "
    '<a href="https://www.whatsapp.com/channel/0029VaFPbedBPzjZrk13HO3D">'
    "https://www.whatsapp.com/channel/0029VaFPbedBPzjZrk13HO3D</a>. Pastikan kamu sudah install "
    "aplikasi WhatsApp ya.</em></p>\n"
)
_SURVEY = (
    '<iframe class="darkMsg" src="https://widget.kompas.com/survey/39?source=kompas.com&'
    'separator=survey__separator" frameborder="0" width="100%" height="330"></iframe>'
)
_QUOTE_SLOT = '                    <div class="fb-quote"></div>'
_GATE = """<div class="ads-partner-wrap osmplaceonsite" style="min-height: 400px;max-width:100%">
<p></p>
</div>
            <div class="gate-kgplus">
                <span>Baca berita tanpa iklan. <a href="https://plus.kompas.com/"
                >Gabung Kompas.com+</a></span>
            </div>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What one look of the article page has that the others have not."""

    html: str
    home: str
    """Name of the breadcrumb's first item."""
    time_line: Callable[[datetime, bool], str]
    """Inner markup of ``read__time``: time shown (WIB), whether it is an update."""
    lead_photo: Callable[[Story], str]
    top_credit: Callable[[Story], str] = lambda _: ""
    """Writers and editors above the body (2023-11)."""
    side_credit: Callable[[Story], str] = lambda _: ""
    """Writers and editors beside the body (2020 to 2023-04)."""
    tag_box: Callable[[Story], str]
    body_start: Callable[[Story], str]
    body_end: str
    promo: str = ""
    """Call to action at the end of the last Halaman; it counts as words of the article."""
    data_layer: bool = False
    published_time: bool = False
    """Whether ``article:published_time`` (UTC) is stated."""
    page_count_meta: bool = False
    """Whether ``content_total_pages`` is stated."""
    names_editor_in_json_ld: bool = False
    """The trap of 2023-11: JSON-LD names the editor as author (SITE.md section 4)."""
    blank_before_tag: bool = False
    wraps_video: bool = False
    below_body: str = ""


_OF_2023_11 = Layout(
    html='<html lang="id">',
    home="Kompas.com",
    time_line=furniture.time_2023,
    lead_photo=furniture.photo_2023,
    top_credit=furniture.top_credit,
    tag_box=furniture.tags_2023,
    body_start=lambda _: '\n<div class="clearfix">',
    body_end="<!-- (ads.native_banner) -->{promo}</p>"
    f'<span class="liftdown_v2_tanda"></span></div>{_QUOTE_SLOT}',
    promo=TELEGRAM,
    data_layer=True,
    published_time=True,
    page_count_meta=True,
    names_editor_in_json_ld=True,
    wraps_video=True,
    below_body=_GATE,
)

LAYOUTS: dict[str, Layout] = {
    "2020": Layout(
        html="<html>",
        home="Home",
        time_line=furniture.time_2020,
        lead_photo=furniture.photo_2020,
        side_credit=furniture.side_credit,
        tag_box=furniture.tags_2020,
        body_start=lambda _: "\n<p><strong></strong></p>\n",
        body_end="</p><!-- (ads.native_banner) --></p>{promo}"
        f'<span class="liftdown_v2_tanda"></span>{_QUOTE_SLOT}',
        blank_before_tag=True,
    ),
    "2021": Layout(
        html="<html>",
        home="Home",
        time_line=furniture.time_2020,
        lead_photo=furniture.photo_2020,
        side_credit=furniture.side_credit,
        tag_box=furniture.tags_2020,
        body_start=lambda story: f'\n<div data-io-article-url="{story.url}">\n',
        body_end="</p><!-- (ads.native_banner) --></p>{promo}"
        '<span class="liftdown_v2_tanda"></span></div>\n<div class="fb-quote"></div>',
        published_time=True,
    ),
    "2023-04": Layout(
        html='<html lang="id">',
        home="Kompas.com",
        time_line=furniture.time_2023,
        lead_photo=furniture.photo_2023,
        side_credit=furniture.side_credit,
        tag_box=furniture.tags_2023,
        body_start=lambda _: '\n<div class="clearfix"><p></p>\n',
        body_end="<!-- (ads.native_banner) -->{promo}</p>"
        f'{_SURVEY}<span class="liftdown_v2_tanda"></span></div>                 ',
        promo=TELEGRAM,
        data_layer=True,
        published_time=True,
        wraps_video=True,
        below_body=_GATE,
    ),
    "2023-11": _OF_2023_11,
    # Put together from what public code of 2024-2026 reads; never captured (SITE.md section 5).
    "2026": replace(
        _OF_2023_11,
        time_line=furniture.time_2026,
        top_credit=furniture.top_credit_2026,
        promo=WHATSAPP,
    ),
}
"""Every layout by name."""
