"""Words of the replica's prose: Indonesian news words, invented names. Data only.

The lists are long because two generated stories must share next to no run of four words.
A blank inside a word or a phrase is written ``_``.
"""


def _list(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


GIVEN_NAMES = _list("""
    Arlen Brisa Cadoc Delvin Esmira Farouq Galen Hestia Ilmar Jorun Kavir Leonor Mirza Nadezh
    Orhan Pilar Quentin Rasmus Sabela Tomasz Ulrika Vasco Wanjiru Xenia Yorick Zelda Anouk
    Bertil Cosima Dragan Elodie Fenris Gudrun Hamza Ingmar Jelena Kwame Ludmila Mateus Ngozi
    Ottokar Perla Ruslan Severin Tamar Umeko Viggo Willem Yasmin Zoran
""")

FAMILY_NAMES = _list("""
    Abrantes Brenholt Castellan Dumreval Ekström Falconet Grivas Holmqvist Iversen Jankovar
    Kestrel Lindqvar Montalvez Nakagiri Okonduru Petrosyn Quillon Ravenholt Santorel Tarkovin
    Umberland Valdivar Westergren Ximenor Yarosan Zelenkar Amberg Boratin Cervinka Dalgaard
    Estevan Frostad Gantulga Haverkamp Isakov Juncal Kivela Lomidze Moravec Nordahl Oyelaran
    Paasilinn Rosenvald Skarsbo Tengstrom Uchida Verhaegen Wachira Yilmazer Zubiria
""")

PLACES = _list("""
    SEOUL TOKYO BEIJING MOSKWA KYIV WASHINGTON LONDON PARIS BERLIN MADRID ROMA ANKARA KAIRO
    NAIROBI LAGOS BRASILIA OTTAWA CANBERRA WELLINGTON MANILA BANGKOK HANOI DHAKA KATHMANDU
    ISLAMABAD KABUL TEHERAN BAGHDAD DAMASKUS BEIRUT AMMAN RIYADH DOHA HELSINKI STOCKHOLM OSLO
    WARSAWA BUDAPEST ATHENA LISBON PRETORIA ACCRA DAKAR BOGOTA LIMA SANTIAGO NEW_DELHI
    WASHINGTON_DC KUALA_LUMPUR BUENOS_AIRES ADDIS_ABABA
""")

COUNTRIES = _list("""
    Jepang China Rusia Ukraina Inggris Perancis Jerman Spanyol Italia Turkiye Mesir Kenya
    Nigeria Brasil Kanada Australia Filipina Thailand Vietnam Bangladesh Nepal Pakistan Iran
    Irak Suriah Lebanon Yordania Qatar Finlandia Swedia Norwegia Polandia Hongaria Yunani
    Portugal Ghana Senegal Kolombia Peru Chile Meksiko Mongolia Islandia Irlandia Belanda Belgia
    Austria Swiss Korea_Selatan Korea_Utara Amerika_Serikat Selandia_Baru Afrika_Selatan
    Arab_Saudi
""")

ROLES = _list("""
    menteri juru_bicara gubernur duta_besar peneliti kepala_kepolisian komandan wali_kota hakim
    pengacara aktivis dokter profesor direktur ketua_parlemen senator wakil_presiden jaksa
    koordinator_bantuan kepala_misi analis sejarawan ekonom nelayan pemandu_wisata insinyur
    kepala_sekolah relawan pilot arkeolog kurator_museum pemilik_toko perawat petani sopir_taksi
""")

BODIES = _list("""
    Kementerian_Luar_Negeri Dewan_Keamanan_Laut Badan_Meteorologi Otoritas_Pelabuhan
    Palang_Kemanusiaan Kantor_Statistik Mahkamah_Tinggi Komisi_Pemilu Badan_Antariksa
    Dinas_Kesehatan Garda_Pantai Serikat_Buruh Bank_Sentral Universitas_Utara
    Lembaga_Kajian_Laut Kepolisian_Federal Kementerian_Energi Asosiasi_Penerbangan Dewan_Kota
    Institut_Iklim Riset_&_Energi Komite_Olahraga Balai_Arsip Perusahaan_Kereta Badan_Pengungsi
""")

NOUNS = _list("""
    perundingan gencatan sengketa perbatasan pelabuhan jembatan bendungan anggaran pemilihan
    demonstrasi penyelidikan pengadilan vaksin wabah banjir gempa topan kebakaran evakuasi
    bantuan pengungsi pasokan gandum minyak gas listrik satelit roket kapal pesawat kereta
    terowongan tambang logam panen pupuk kopi cokelat beras ikan terumbu hutan gletser sungai
    danau gunung museum lukisan naskah artefak makam kuil katedral festival turnamen stadion
    medali atlet sekolah beasiswa universitas laboratorium penemuan spesies fosil meteorit
    teleskop baterai jaringan perangkat kecerdasan data sandi serangan peretas mata-mata dokumen
    arsip surat perjanjian embargo tarif ekspor impor saham inflasi utang pajak subsidi upah
    pensiun perumahan sewa lahan tanah batas pulau selat teluk pantai mercusuar armada patroli
    latihan parade upacara pemakaman pelantikan kudeta dekrit undang-undang amandemen referendum
    koalisi oposisi partai kampanye debat survei suara kursi kabinet jabatan mandat sidang
    banding vonis tahanan sandera tebusan penyelundup penipuan korupsi aset rekening emas
    berlian permata jam mahkota perangko boneka kucing gajah harimau paus lumba-lumba penyu
    burung lebah serigala
""")

VERBS = _list("""
    mengumumkan menunda membatalkan menyetujui menolak memperpanjang memperketat membuka menutup
    meninjau memeriksa menyelidiki membahas merundingkan mengecam memuji menyambut
    mempertanyakan membela mendesak menuntut meminta menawarkan menjanjikan mengirim menarik
    mengerahkan memindahkan menemukan kehilangan mencatat memperkirakan memperingatkan
    mengonfirmasi membantah menyerahkan menerima mengembalikan menyita membekukan mencairkan
    membiayai membangun memperbaiki merobohkan memetakan meneliti menguji memantau mengawasi
    melindungi mengancam menyelamatkan merawat mengevakuasi mengunjungi meninggalkan memimpin
    mengakhiri memulai menghentikan melanjutkan mempercepat memperlambat mengurangi menambah
    menggandakan membagi menggabungkan memisahkan merahasiakan membocorkan menerbitkan
    menandatangani mencabut mengganti
""")

ADJECTIVES = _list("""
    baru lama besar kecil darurat sementara permanen rahasia terbuka bersama sepihak mendadak
    bertahap menyeluruh terbatas tambahan utama lokal regional nasional internasional bersejarah
    kontroversial langka mahal murah berbahaya aman ramah rapuh kokoh sunyi padat terpencil
    tertua termuda terbesar terkecil terpanjang tercepat tersibuk terdingin terpanas terdalam
    misterius populer tradisional modern digital militer sipil ekonomi politik budaya
""")

CIRCUMSTANCES = _list("""
    di_tengah_hujan_lebat setelah_perundingan_panjang menjelang_musim_dingin
    sejak_awal_pekan_ini tanpa_penjelasan_rinci di_hadapan_puluhan_wartawan
    lewat_pernyataan_tertulis dalam_sidang_tertutup di_sela_kunjungan_kerja
    menyusul_laporan_sebelumnya atas_permintaan_warga untuk_pertama_kalinya dengan_suara_bulat
    di_bawah_pengawalan_ketat selama_tiga_hari_berturut-turut pada_malam_pergantian_jaga
    seusai_rapat_kabinet dari_ruang_kerjanya di_depan_gedung_parlemen melalui_saluran_diplomatik
    tak_lama_setelah_fajar di_sepanjang_garis_pantai bersama_tim_gabungan
    berdasarkan_citra_satelit meski_cuaca_memburuk dalam_dua_tahap_terpisah
    sebelum_tenggat_berakhir di_antara_reruntuhan sesuai_jadwal_semula tanpa_korban_jiwa
""")

SAYING = _list("""
    kata ujar tutur jelas tegas ungkap imbuh tambah papar terang sebut ucap tandas pungkas beber
""")

AGENCIES = _list("""
    AFP Reuters AP BBC CNN Al_Jazeera The_Guardian Kyodo Yonhap DW Sky_News The_Straits_Times
    New_York_Times Anadolu Bloomberg
""")

DAYS = _list("""
    Senin Selasa Rabu Kamis Jumat Sabtu Minggu
""")
