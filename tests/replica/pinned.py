"""One old article that no listing shows, the same whatever the seed: for ``scrapy check``."""

from datetime import datetime

from kompascrawler.identity import WIB
from kompascrawler.items import Image, Related
from tests.replica.channels import GLOBAL
from tests.replica.pieces import BacaJuga, Heading, Paragraph
from tests.replica.story import Dateline, Story

PINNED = Story(
    id="2023-09-16-170000170",
    url="https://www.kompas.com/global/read/2023/09/16/170000170/"
    "kunjungan-dua-pemimpin-di-timur-jauh",
    channel=GLOBAL,
    kind="news",
    layout="2023-11",
    title="Kunjungan Dua Pemimpin di Timur Jauh",
    description="Dua kepala negara bertemu di sebuah kota pelabuhan dan pulang dengan kereta.",
    published_at=datetime(2023, 9, 16, 17, 0, 0, tzinfo=WIB),
    updated_at=None,
    authors=("Wanjiru Holmqvist",),
    editors=("Tomasz Nordahl",),
    sources=("AFP", "Kyodo"),
    topic=None,
    tags=("kereta", "Timur Jauh"),
    dateline=Dateline(place="VLADIVOSTOK", markup="<strong>{place}, KOMPAS.com</strong> - "),
    lead_photo=Image(
        url="https://asset.kompas.com/crops/0/750x500/data/photo/pinned.jpg",
        caption="Stasiun kota pelabuhan itu pada malam sebelum kunjungan.",
        credit="Kyodo",
    ),
    pages=(
        (
            Paragraph(
                "Dua kepala negara bertemu di kota pelabuhan paling timur, Sabtu (16/9/2023)."
            ),
            Paragraph("Keduanya berbicara selama lima jam, lebih lama daripada jadwal semula."),
            BacaJuga(
                Related(
                    id="2023-09-15-081500270",
                    title="Kereta Khusus Tiba di Perbatasan",
                    url="https://www.kompas.com/global/read/2023/09/15/081500270/"
                    "kereta-khusus-tiba-di-perbatasan",
                )
            ),
            Paragraph('"Kami membicarakan jembatan, gandum, dan kapal," ujar juru bicara mereka.'),
        ),
        (
            Heading("Pulang dengan kereta"),
            Paragraph("Tamu itu meninggalkan kota pada malam hari dengan kereta yang sama."),
            Paragraph("Belum diketahui kapan kunjungan balasan akan berlangsung."),
        ),
    ),
)
"""The article at https://www.kompas.com/global/read/2023/09/16/170000170/…"""
