"""What holds a run together: its store, its traffic, its end, its log."""
