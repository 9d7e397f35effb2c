"""The head of an article page: what the site states about the article (SITE.md section 4). Pure."""

import json
from datetime import UTC, datetime

from tests.replica.layouts import Layout
from tests.replica.markup import attribute
from tests.replica.story import Story


def head(story: Story, layout: Layout, *, page: str, words: int) -> str:
    """Return the head of one Halaman; ``page`` is "1", "2", … or "all"."""
    # On ?page=all title and description end so; on ?page=2 that is inferred (SITE.md section 2).
    suffix = "" if page == "1" else f" Halaman {page}"
    title = attribute(story.title + (f"{suffix} - Kompas.com" if suffix else ""))
    description = attribute(story.description + suffix)
    image = attribute(story.lead_photo.url)
    keywords = attribute(", ".join(story.tags))
    data_layer = _data_layer(story, layout, page=page, words=words) if layout.data_layer else ""
    return f"""<head>
{data_layer}<title>{title}</title>
<link href="//asset.kompas.com" rel="dns-prefetch"><meta charset="utf-8">
<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">
<meta name="viewport" content="width=device-width">
<meta name="description" content="{description}">
<meta name="keywords" content="{keywords}">
<meta name="author" content="Kompas Cyber Media">
<meta name="robots" content="index, follow" />
<meta name="language" content="id" />
<meta property="og:type" content="article" />
<meta property="og:image" content="{image}" />
<meta property="og:title" content="{title}" />
<meta property="og:description" content="{description}">
<meta property="og:url" content="{story.url}" />
<meta property="og:site_name" content="KOMPAS.com" />
<meta name="twitter:title" content="{title}" />
<meta name="twitter:description" content="{description}" />
{_content_metas(story, layout, page=page, words=words)}
<link rel="amphtml" href="{_amp(story)}">
<link rel="canonical" href="{story.url}" />
<script src="https://asset.kompas.com/data/2017/wp/js/jquery-1.12.0.min.js"></script>
{_json_ld(story, layout)}
</head>"""


def shown_time(story: Story) -> datetime:
    """Return the time that every date of the page holds: an update hides the first one.

    Only the address keeps the time of first publication (SITE.md section 5, "Diperbarui").
    """
    return story.updated_at or story.published_at


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _content_metas(story: Story, layout: Layout, *, page: str, words: int) -> str:
    metas = {
        "content_category": story.channel.name,
        "content_subcategory": story.channel.name,
        "content_location": "",
        "content_author_id": "2012" if story.authors else "",
        "content_author": ", ".join(story.authors),
        "content_editor_id": "2108",
        "content_editor": ", ".join(story.editors),
        "content_lipsus": story.topic or "",
        "content_lipsus_id": "6178" if story.topic else "",
        "content_type": "Kolom" if story.kind == "column" else "Standard",
        "content_PublishedDate": f"{shown_time(story):%Y-%m-%d %H:%M:%S}",
        "content_source": ", ".join(story.sources),
        "content_tag": story.tags[0],
        "content_tags": ", ".join(story.tags),
        "content_total_words": str(words),
    }
    if layout.data_layer:
        metas |= {"content_sensi": "", "subscription": "False", "lestari_sdgs": ""}
    if layout.page_count_meta:
        metas |= {"content_total_pages": str(len(story.pages)), "content_current_page": page}
    lines = [
        f'<meta name="{name}" content="{attribute(value)}" />' for name, value in metas.items()
    ]
    if layout.published_time:
        lines.append(
            f'<meta property="article:published_time" content="{_utc(shown_time(story))}" />'
        )
    return "\n".join(lines)


def _data_layer(story: Story, layout: Layout, *, page: str, words: int) -> str:
    shown = f"{shown_time(story):%Y-%m-%d %H:%M:%S}"
    data: dict[str, object] = {
        "content_id": f"{story.channel.suffix}{sum(map(ord, story.id))}",
        "content_site": "Kompas.com",
        "content_site_id": story.channel.suffix,
        "content_category": story.channel.name,
        "content_author": ", ".join(story.authors),
        "content_editor": ", ".join(story.editors),
        "content_lipsus": story.topic or "",
        "content_PublishedDate": {"0": shown} if story.updated_at else shown,
        "content_Month_PubDate": f"{story.published_at:%m}",
        "content_Year_PubDate": f"{story.published_at:%Y}",
        "content_Date_PubDate": f"{story.published_at:%d}",
        "content_source": ", ".join(story.sources),
        "content_title": f"{story.title} - Kompas.com",
        "content_tags": ", ".join(story.tags),
        "content_total_words": words,
    }
    if story.updated_at:
        data["content_evergreen"] = {"0": shown}
    if layout.page_count_meta and len(story.pages) > 1:
        data |= {
            "content_autopaging": True,
            "content_total_pages": len(story.pages),
            "content_current_page": int(page) if page.isdecimal() else page,
        }
    return (
        "<script>\n    window.dataLayer = window.dataLayer || [];\n"
        f"    window.dataLayer.push({json.dumps(data, indent=4)});</script>   \n"
    )


def _json_ld(story: Story, layout: Layout) -> str:
    names = story.editors if layout.names_editor_in_json_ld else story.authors or story.editors
    article = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"{story.url}#"},
        "headline": story.title,
        "image": {"@type": "ImageObject", "url": story.lead_photo.url, "height": 500, "width": 750},
        "datePublished": _utc(shown_time(story)),
        "dateModified": _utc(shown_time(story)),
        "author": {"@type": "Person", "name": names[0]},
        "publisher": {"@type": "Organization", "name": "Kompas.com"},
        "description": story.description,
    }
    blocks = (
        {"@context": "http://schema.org", "@type": "WebSite", "url": "https://www.kompas.com/"},
        article,
        {"@context": "http://schema.org", "@type": "Organization", "url": "https://www.kompas.com"},
    )
    return "\n".join(
        f'<script type="application/ld+json">\n{json.dumps(block).replace("/", chr(92) + "/")}'
        "</script>"
        for block in blocks
    )


def _amp(story: Story) -> str:
    path = story.url.removeprefix("https://www.kompas.com/")
    if path == story.url:  # a sub-domain's name becomes the path's first part
        path = story.url.removeprefix("https://").replace(".kompas.com", "", 1)
    return f"https://amp.kompas.com/{path}"
