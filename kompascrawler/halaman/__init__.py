"""Getting all pages ("Halaman") of an article, and proving that none is missing."""
