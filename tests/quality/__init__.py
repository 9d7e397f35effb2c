"""The pinned quality floor: how near the records of the committed cases come to what was read."""
