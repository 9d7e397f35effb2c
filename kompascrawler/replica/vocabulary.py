"""Words of the replica's prose: Indonesian news words, invented names. Data only.

The lists are long because two generated stories must share next to no run of four words.
"""

GIVEN_NAMES = """
    Arlen Brisa Cadoc Delvin Esmira Farouq Galen Hestia Ilmar Jorun Kavir Leonor Mirza Nadezh
    Orhan Pilar Quentin Rasmus Sabela Tomasz Ulrika Vasco Wanjiru Xenia Yorick Zelda Anouk Bertil
    Cosima Dragan Elodie Fenris Gudrun Hamza Ingmar Jelena Kwame Ludmila Mateus Ngozi Ottokar
    Perla Ruslan Severin Tamar Umeko Viggo Willem Yasmin Zoran
""".split()

FAMILY_NAMES = """
    Abrantes Brenholt Castellan Dumreval Ekström Falconet Grivas Holmqvist Iversen Jankovar
    Kestrel Lindqvar Montalvez Nakagiri Okonduru Petrosyn Quillon Ravenholt Santorel Tarkovin
    Umberland Valdivar Westergren Ximenor Yarosan Zelenkar Amberg Boratin Cervinka Dalgaard
    Estevan Frostad Gantulga Haverkamp Isakov Juncal Kivela Lomidze Moravec Nordahl Oyelaran
    Paasilinn Rosenvald Skarsbo Tengstrom Uchida Verhaegen Wachira Yilmazer Zubiria
""".split()

PLACES = (
    """
    SEOUL TOKYO BEIJING MOSKWA KYIV WASHINGTON LONDON PARIS BERLIN MADRID ROMA ANKARA KAIRO
    NAIROBI LAGOS BRASILIA OTTAWA CANBERRA WELLINGTON MANILA BANGKOK HANOI DHAKA KATHMANDU ISLAMABAD
    KABUL TEHERAN BAGHDAD DAMASKUS BEIRUT AMMAN RIYADH DOHA HELSINKI STOCKHOLM OSLO WARSAWA BUDAPEST
    ATHENA LISBON PRETORIA ACCRA DAKAR BOGOTA LIMA SANTIAGO
""".split()
    + ["NEW DELHI", "WASHINGTON DC", "KUALA LUMPUR", "BUENOS AIRES", "ADDIS ABABA"]
)

COUNTRIES = [
    *"""
    Jepang China Rusia Ukraina Inggris Perancis Jerman Spanyol Italia Turkiye Mesir Kenya Nigeria
    Brasil Kanada Australia Filipina Thailand Vietnam Bangladesh Nepal Pakistan Iran Irak Suriah
    Lebanon Yordania Qatar Finlandia Swedia Norwegia Polandia Hongaria Yunani Portugal Ghana Senegal
    Kolombia Peru Chile Meksiko Mongolia Islandia Irlandia Belanda Belgia Austria Swiss
    """.split(),
    "Korea Selatan",
    "Korea Utara",
    "Amerika Serikat",
    "Selandia Baru",
    "Afrika Selatan",
    "Arab Saudi",
]

ROLES = """
    menteri|juru bicara|gubernur|duta besar|peneliti|kepala kepolisian|komandan|wali kota|hakim|
    pengacara|aktivis|dokter|profesor|direktur|ketua parlemen|senator|wakil presiden|jaksa|
    koordinator bantuan|kepala misi|analis|sejarawan|ekonom|nelayan|pemandu wisata|insinyur|
    kepala sekolah|relawan|pilot|arkeolog|kurator museum|pemilik toko|perawat|petani|sopir taksi
"""

BODIES = """
    Kementerian Luar Negeri|Dewan Keamanan Laut|Badan Meteorologi|Otoritas Pelabuhan|
    Palang Kemanusiaan|Kantor Statistik|Mahkamah Tinggi|Komisi Pemilu|Badan Antariksa|
    Dinas Kesehatan|Garda Pantai|Serikat Buruh|Bank Sentral|Universitas Utara|Lembaga Kajian Laut|
    Kepolisian Federal|Kementerian Energi|Asosiasi Penerbangan|Dewan Kota|Institut Iklim|
    Riset & Energi|Komite Olahraga|Balai Arsip|Perusahaan Kereta|Badan Pengungsi
"""

NOUNS = """
    perundingan gencatan sengketa perbatasan pelabuhan jembatan bendungan anggaran pemilihan
    demonstrasi penyelidikan pengadilan vaksin wabah banjir gempa topan kebakaran evakuasi bantuan
    pengungsi pasokan gandum minyak gas listrik satelit roket kapal pesawat kereta terowongan
    tambang logam panen pupuk kopi cokelat beras ikan terumbu hutan gletser sungai danau gunung
    museum lukisan naskah artefak makam kuil katedral festival turnamen stadion medali atlet
    sekolah beasiswa universitas laboratorium penemuan spesies fosil meteorit teleskop baterai
    jaringan perangkat kecerdasan data sandi serangan peretas mata-mata dokumen arsip surat
    perjanjian embargo tarif ekspor impor saham inflasi utang pajak subsidi upah pensiun
    perumahan sewa lahan tanah batas pulau selat teluk pantai mercusuar armada patroli latihan
    parade upacara pemakaman pelantikan kudeta dekrit undang-undang amandemen referendum koalisi
    oposisi partai kampanye debat survei suara kursi kabinet jabatan mandat sidang banding vonis
    tahanan sandera tebusan penyelundup penipuan korupsi aset rekening emas berlian permata
    jam mahkota perangko boneka kucing gajah harimau paus lumba-lumba penyu burung lebah serigala
""".split()

VERBS = """
    mengumumkan menunda membatalkan menyetujui menolak memperpanjang memperketat membuka menutup
    meninjau memeriksa menyelidiki membahas merundingkan mengecam memuji menyambut mempertanyakan
    membela mendesak menuntut meminta menawarkan menjanjikan mengirim menarik mengerahkan
    memindahkan menemukan kehilangan mencatat memperkirakan memperingatkan mengonfirmasi membantah
    menyerahkan menerima mengembalikan menyita membekukan mencairkan membiayai membangun
    memperbaiki merobohkan memetakan meneliti menguji memantau mengawasi melindungi mengancam
    menyelamatkan merawat mengevakuasi mengunjungi meninggalkan memimpin mengakhiri memulai
    menghentikan melanjutkan mempercepat memperlambat mengurangi menambah menggandakan membagi
    menggabungkan memisahkan merahasiakan membocorkan menerbitkan menandatangani mencabut mengganti
""".split()

ADJECTIVES = """
    baru lama besar kecil darurat sementara permanen rahasia terbuka bersama sepihak mendadak
    bertahap menyeluruh terbatas tambahan utama lokal regional nasional internasional bersejarah
    kontroversial langka mahal murah berbahaya aman ramah rapuh kokoh sunyi padat terpencil
    tertua termuda terbesar terkecil terpanjang tercepat tersibuk terdingin terpanas terdalam
    misterius populer tradisional modern digital militer sipil ekonomi politik budaya
""".split()

CIRCUMSTANCES = """
    di tengah hujan lebat|setelah perundingan panjang|menjelang musim dingin|
    sejak awal pekan ini|tanpa penjelasan rinci|di hadapan puluhan wartawan|
    lewat pernyataan tertulis|dalam sidang tertutup|di sela kunjungan kerja|
    menyusul laporan sebelumnya|atas permintaan warga|untuk pertama kalinya|
    dengan suara bulat|di bawah pengawalan ketat|selama tiga hari berturut-turut|
    pada malam pergantian jaga|seusai rapat kabinet|dari ruang kerjanya|
    di depan gedung parlemen|melalui saluran diplomatik|tak lama setelah fajar|
    di sepanjang garis pantai|bersama tim gabungan|berdasarkan citra satelit|
    meski cuaca memburuk|dalam dua tahap terpisah|sebelum tenggat berakhir|
    di antara reruntuhan|sesuai jadwal semula|tanpa korban jiwa
"""

SAYING = """
    kata ujar tutur jelas tegas ungkap imbuh tambah papar terang sebut ucap tandas pungkas beber
""".split()

AGENCIES = """
    AFP|Reuters|AP|BBC|CNN|Al Jazeera|The Guardian|Kyodo|Yonhap|DW|Sky News|The Straits Times|
    New York Times|Anadolu|Bloomberg
"""

DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()


def phrases(text: str) -> list[str]:
    """Return the phrases of a ``|``-separated list.

    >>> phrases(" a b|\\n c ")
    ['a b', 'c']
    """
    return [" ".join(part.split()) for part in text.split("|")]
