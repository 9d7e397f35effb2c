"""Object storage: what is published beyond the data folder."""
