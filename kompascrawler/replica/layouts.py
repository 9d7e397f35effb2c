"""The looks an article page of the replica can have: what differs between them, as data.

Each one is the "read" template as captured in one month (SITE.md sections 2 to 6); the markup
around the differences stands in ``article.py``. ``LAYOUTS`` is the place to register another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kompascrawler.items import Image
from kompascrawler.replica.markup import attribute
from kompascrawler.replica.story import Story

TELEGRAM = (
    '<div style="height:1px" id="EndOfArticle"></div>\n'
    "<i>Dapatkan update <b>berita pilihan</b> dan <b>breaking news</b> setiap hari dari "
    'Kompas.com. Mari bergabung di Grup Telegram "Kompas.com News Update", caranya klik link '
    '<a href="https://t.me/kompascomupdate" rel="nofollow">https://t.me/kompascomupdate</a>, '
    "kemudian join. Anda harus install aplikasi Telegram terlebih dulu di ponsel.</i> \n"
)
WHATSAPP = (
    "<p><em>Simak breaking news dan berita pilihan kami langsung di ponselmu. Pilih saluran "
    "andalanmu akses berita Kompas.com WhatsApp Channel : "
    '<a href="https://www.whatsapp.com/channel/0029VaFPbedBPzjZrk13HO3D">'
    "https://www.whatsapp.com/channel/0029VaFPbedBPzjZrk13HO3D</a>. Pastikan kamu sudah install "
    "aplikasi WhatsApp ya.</em></p>\n"
)
_SURVEY = (
    '<iframe class="darkMsg" src="https://widget.kompas.com/survey/39?source=kompas.com&'
    'separator=survey__separator" frameborder="0" width="100%" height="330"></iframe>'
)
_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()


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
    page_count_meta: bool = False
    """Whether ``content_total_pages`` is stated."""
    names_editor_in_json_ld: bool = False
    """The trap of 2023-11: JSON-LD names the editor as author (SITE.md section 4)."""
    blank_before_tag: bool = False
    wraps_video: bool = False
    below_body: str = ""


def _time_2020(shown: datetime, is_update: bool) -> str:  # noqa: FBT001  # a Callable has no names
    return f"Kompas.com - {'Diperbarui ' if is_update else ''}{shown:%d/%m/%Y, %H:%M} WIB"


def _time_2023(shown: datetime, is_update: bool) -> str:  # noqa: FBT001
    update = "Diperbarui " if is_update else ""
    return f'<a href="https://www.kompas.com">Kompas.com</a> - {update}{shown:%d/%m/%Y, %H:%M} WIB'


def _time_2026(shown: datetime, is_update: bool) -> str:  # noqa: FBT001
    home = '<a href="https://www.kompas.com" data-google-interstitial="false">Kompas.com</a>'
    if is_update:
        return f"{home}, Diperbarui {shown:%d/%m/%Y, %H:%M} WIB"
    return f"{home} , {shown.day} {_MONTHS[shown.month - 1]} {shown:%Y, %H:%M} WIB"


def _photo_link(story: Story) -> str:
    return f"{story.url.replace('https:', 'http:').replace('/read/', '/image/')}?page=1"


def _photo_2020(story: Story) -> str:
    image = story.lead_photo
    credit = f'<span class="pb_10 author">{image.credit}</span>' if image.credit else ""
    caption = attribute(image.caption or "")
    return f"""<div class="photo" data-photolink="{_photo_link(story)}">
    <img src="{image.url}" alt="{caption}" />
    {credit}{caption}</div>"""


def _photo_2023(story: Story) -> str:
    image = story.lead_photo
    caption = attribute(image.caption or "")
    credit = f'<span class="photo__author author">({image.credit})</span>' if image.credit else ""
    items = "".join(_carousel_item(story, photo, n) for n, photo in enumerate(story.images, 1))
    return f"""<div class="cover-photo -gallery" data-photolink="{_photo_link(story)}" data-photostyle="">
    <div class="photo__wrap">
        <img width="780" height="520" src="{image.url}" alt="{caption}">
        <div class="photo__icon photo__icon__expand">
            <svg class="icon icon-expand"></svg>Lihat Foto
        </div>
    </div>
    <div class="photo__caption">
        {caption}{credit}
    </div>
</div>
<!-- photo carousel -->
<div class="photoCarousel">
    <div class="photoCarousel-block" data-scroll="side">
        <div class="photoCarousel-wrap photoCarousel-slider" data-active="scroll">
{items}        </div>
    </div>
</div>"""


def _carousel_item(story: Story, image: Image, number: int) -> str:
    return f"""<div class="photoCarousel-item {"active" if number == 1 else ""}">
    <a href="{_photo_link(story)[:-1]}{number}">
        <div class="photoCarousel-img">
            <img class="lozad" data-src="{image.url}" alt="{attribute(image.caption or "")}">
        </div>
    </a>
</div>
"""


def _profile(name: str) -> str:
    return f"http://indeks.kompas.com/profile/{sum(map(ord, name))}/{name.replace(' ', '.')}"


def _side_credit(story: Story) -> str:
    roles = (("penulis", "Penulis", story.authors), ("editor", "Editor", story.editors))
    items = [
        f'<div class="read__credit__item" id="{id_}"><span>{role}</span> '
        + ", ".join(f'<a href="{_profile(name)}">{name}</a>' for name in names)
        + "</div>"
        for id_, role, names in roles
        if names
    ]
    return f'<div class="read__credit clearfix">{" | ".join(items)}</div>'


def _top_credit(story: Story) -> str:
    return _credit_box(story, lambda name, comma: f"<h6>{name}{comma}</h6>")


def _top_credit_2026(story: Story) -> str:
    return _credit_box(
        story, lambda name, comma: f'<div class="credit-title-nameEditor">{name}{comma}</div>'
    )


def _credit_box(story: Story, name_markup: Callable[[str, str], str]) -> str:
    people = [(name, "Penulis") for name in story.authors]
    people += [(name, "Editor") for name in story.editors]
    names = "\n                        ".join(
        name_markup(name, "," if number < len(people) else "")
        for number, (name, _) in enumerate(people, start=1)
    )
    # The source closes the position's h6 with an opening tag (SITE.md section 5).
    modal = "".join(
        f"""        <a href="{_profile(name)}">
            <div class="credit-author">
                                <div class="credit-author-img avatarInit" data-avatar-initial="X"></div>
                                <div class="credit-author-title">
                    <h6 class="credit-author-name">
                        {name}                    </h6>
                    <h6 class="credit-author-position">{role}<h6>
                </div>
            </div>
        </a>
"""
        for name, role in people
    )
    return f"""<div class="credit" onclick="document.getElementById('creditModal').classList.toggle('openModal');return false;">
    <div class="credit-picture"></div>
    <div class="credit-title">
        <div class="credit-title-name">
                        {names}
                    </div>
        <p>Tim Redaksi</p>
    </div>
</div>
<div id="creditModal" class="creditModal">
    <div class="creditModal-header">
        <button class="button buttonDismiss modalDismiss" aria-label="Close"></button>
    </div>
    <div class="creditModal-body">
{modal}    </div>
</div>"""


def _tags_2020(story: Story) -> str:
    items = "".join(
        f'<li class="tag__article__item"><a class="tag__article__link" href="https://www.kompas.com'
        f'/tag/{tag.lower().replace(" ", "+")}?url={story.url}">{tag}</a></li>'
        for tag in story.tags
    )
    return _tag_box('<div class="col-bs10-1 tag__article__teaser col-offset-0">Tag:</div>', items)


def _tags_2023(story: Story) -> str:
    items = "".join(
        f'<li class="tag__article__item"><a class="tag__article__link" title="{tag}" '
        f'href="javascript:void(0)" data-url="https://www.kompas.com/tag/'
        f'{tag.lower().replace(" ", "-")}">{tag}</a></li>'
        for tag in story.tags
    )
    return _tag_box('<div class="tag__article__teaser">Tag</div>', items)


def _tag_box(teaser: str, items: str) -> str:
    return f"""<div class="read__tagging mt1 clearfix">
	<h3 class="tag tag--article clearfix">
		{teaser}
		<div class="col-bs10-9">
			<ul class="tag__article__wrap">{items}</ul>
		</div>
	</h3>
</div>"""


_GATE = """<div class="ads-partner-wrap osmplaceonsite" style="min-height: 400px;max-width:100%">
<p></p>
</div>
            <div class="gate-kgplus">
                <span>Baca berita tanpa iklan. <a href="https://plus.kompas.com/">Gabung Kompas.com+</a></span>
            </div>
"""

LAYOUTS: dict[str, Layout] = {
    "2020": Layout(
        html="<html>",
        home="Home",
        time_line=_time_2020,
        lead_photo=_photo_2020,
        side_credit=_side_credit,
        tag_box=_tags_2020,
        body_start=lambda _: "\n<p><strong></strong></p>\n",
        body_end="</p><!-- (ads.native_banner) --></p>{promo}"
        '<span class="liftdown_v2_tanda"></span>                    <div class="fb-quote"></div>',
        blank_before_tag=True,
    ),
    "2021": Layout(
        html="<html>",
        home="Home",
        time_line=_time_2020,
        lead_photo=_photo_2020,
        side_credit=_side_credit,
        tag_box=_tags_2020,
        body_start=lambda story: f'\n<div data-io-article-url="{story.url}">\n',
        body_end="</p><!-- (ads.native_banner) --></p>{promo}"
        '<span class="liftdown_v2_tanda"></span></div>\n<div class="fb-quote"></div>',
    ),
    "2023-04": Layout(
        html='<html lang="id">',
        home="Kompas.com",
        time_line=_time_2023,
        lead_photo=_photo_2023,
        side_credit=_side_credit,
        tag_box=_tags_2023,
        body_start=lambda _: '\n<div class="clearfix"><p></p>\n',
        body_end="<!-- (ads.native_banner) -->{promo}</p>"
        f'{_SURVEY}<span class="liftdown_v2_tanda"></span></div>                 ',
        promo=TELEGRAM,
        data_layer=True,
        wraps_video=True,
        below_body=_GATE,
    ),
    "2023-11": Layout(
        html='<html lang="id">',
        home="Kompas.com",
        time_line=_time_2023,
        lead_photo=_photo_2023,
        top_credit=_top_credit,
        tag_box=_tags_2023,
        body_start=lambda _: '\n<div class="clearfix">',
        body_end="<!-- (ads.native_banner) -->{promo}</p>"
        '<span class="liftdown_v2_tanda"></span></div>                    <div class="fb-quote"></div>',
        promo=TELEGRAM,
        data_layer=True,
        page_count_meta=True,
        names_editor_in_json_ld=True,
        wraps_video=True,
        below_body=_GATE,
    ),
    # Put together from what public code of 2024-2026 reads; never captured (SITE.md section 5).
    "2026": Layout(
        html='<html lang="id">',
        home="Kompas.com",
        time_line=_time_2026,
        lead_photo=_photo_2023,
        top_credit=_top_credit_2026,
        tag_box=_tags_2023,
        body_start=lambda _: '\n<div class="clearfix">',
        body_end="<!-- (ads.native_banner) -->{promo}</p>"
        '<span class="liftdown_v2_tanda"></span></div>                    <div class="fb-quote"></div>',
        promo=WHATSAPP,
        data_layer=True,
        page_count_meta=True,
        names_editor_in_json_ld=True,
        wraps_video=True,
        below_body=_GATE,
    ),
}
"""Every layout by name."""
