"""The pages ("Halaman") of an article: which there are, how to get them, whether all are here."""
