"""Which settings there are, what each accepts, and what was given."""
