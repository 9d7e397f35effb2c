"""When a host may be asked again, and when not at all. Pure."""
