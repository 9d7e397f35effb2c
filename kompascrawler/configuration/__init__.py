"""Which settings there are, and what each accepts."""
