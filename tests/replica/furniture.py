"""Markup that differs from one look of the article page to the next. Pure.

Copied from the captured pages (SITE.md section 5), their text left out.
"""

# ruff: noqa: E501  # markup stands in lines as long as the site writes them

from collections.abc import Callable
from datetime import datetime

from kompascrawler.items import Image
from tests.replica.markup import attribute
from tests.replica.story import Story

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def time_2020(shown: datetime, is_update: bool) -> str:  # noqa: FBT001  # a Callable has no names
    """Return the inside of ``read__time`` as of 2020 and 2021."""
    return f"Kompas.com - {'Diperbarui ' if is_update else ''}{shown:%d/%m/%Y, %H:%M} WIB"


def time_2023(shown: datetime, is_update: bool) -> str:  # noqa: FBT001
    """Return the inside of ``read__time`` as of 2023."""
    update = "Diperbarui " if is_update else ""
    return f'<a href="https://www.kompas.com">Kompas.com</a> - {update}{shown:%d/%m/%Y, %H:%M} WIB'


def time_2026(shown: datetime, is_update: bool) -> str:  # noqa: FBT001
    """Return the inside of ``read__time`` as public code of 2026 quotes it; never captured."""
    home = '<a href="https://www.kompas.com" data-google-interstitial="false">Kompas.com</a>'
    if is_update:
        return f"{home}, Diperbarui {shown:%d/%m/%Y, %H:%M} WIB"
    return f"{home} , {shown.day} {MONTHS[shown.month - 1]} {shown:%Y, %H:%M} WIB"


def _photo_link(story: Story) -> str:
    return f"{story.url.replace('https:', 'http:').replace('/read/', '/image/')}?page=1"


def photo_2020(story: Story) -> str:
    """Return the lead photo as of 2020 and 2021."""
    image = story.lead_photo
    credit = f'<span class="pb_10 author">{image.credit}</span>' if image.credit else ""
    caption = attribute(image.caption or "")
    return f"""<div class="photo" data-photolink="{_photo_link(story)}">
    <img src="{image.url}" alt="{caption}" />
    {credit}{caption}</div>"""


def photo_2023(story: Story) -> str:
    """Return the lead photo as of 2023, with its carousel."""
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


def side_credit(story: Story) -> str:
    """Return writers and editors beside the body, 2020 to 2023-04; no Penulis where none is."""
    roles = (("penulis", "Penulis", story.authors), ("editor", "Editor", story.editors))
    items = [
        f'<div class="read__credit__item" id="{id_}"><span>{role}</span> '
        + ", ".join(f'<a href="{_profile(name)}">{name}</a>' for name in names)
        + "</div>"
        for id_, role, names in roles
        if names
    ]
    return f'<div class="read__credit clearfix">{" | ".join(items)}</div>'


def top_credit(story: Story) -> str:
    """Return writers and editors above the body, roles only in the modal (2023-11)."""
    # The source closes the position's h6 with an opening tag (SITE.md section 5).
    return _credit_box(story, lambda name, comma: f"<h6>{name}{comma}</h6>", "h6", "<h6>")


def top_credit_2026(story: Story) -> str:
    """Return the same as public code of 2026 quotes it; never captured."""
    return _credit_box(
        story,
        lambda name, comma: f'<div class="credit-title-nameEditor">{name}{comma}</div>',
        "div",
        "</div>",
    )


def _credit_box(
    story: Story, name_markup: Callable[[str, str], str], part: str, position_end: str
) -> str:
    people = [(name, "Penulis") for name in story.authors]
    people += [(name, "Editor") for name in story.editors]
    names = "\n                        ".join(
        name_markup(name, "," if number < len(people) else "")
        for number, (name, _) in enumerate(people, start=1)
    )
    modal = "".join(
        f"""        <a href="{_profile(name)}">
            <div class="credit-author">
                                <div class="credit-author-img avatarInit" data-avatar-initial="X"></div>
                                <div class="credit-author-title">
                    <{part} class="credit-author-name">
                        {name}                    </{part}>
                    <{part} class="credit-author-position">{role}{position_end}
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


def tags_2020(story: Story) -> str:
    """Return the tag box as of 2020 and 2021."""
    items = "".join(
        f'<li class="tag__article__item"><a class="tag__article__link" href="https://www.kompas.com'
        f'/tag/{tag.lower().replace(" ", "+")}?url={story.url}">{tag}</a></li>'
        for tag in story.tags
    )
    return f"""<div class="read__tagging mt1 clearfix">
	<h3 class="tag tag--article clearfix">
		<div class="col-bs10-1 tag__article__teaser col-offset-0">Tag:</div>
		<div class="col-bs10-9">
			<ul class="tag__article__wrap">{items}</ul>
		</div>
	</h3>
</div>"""


def tags_2023(story: Story) -> str:
    """Return the tag box as of 2023."""
    items = "".join(
        f'<li class="tag__article__item"><a class="tag__article__link" title="{tag}" '
        f'href="javascript:void(0)" data-url="https://www.kompas.com/tag/'
        f'{tag.lower().replace(" ", "-")}">{tag}</a></li>'
        for tag in story.tags
    )
    return f"""<div class="read__tagging mt1 clearfix">
	<h3 class="tag tag--article clearfix">
		<div class="tag__article__teaser">Tag</div>

			<ul class="tag__article__wrap">{items}</ul>

	</h3>
</div>"""
