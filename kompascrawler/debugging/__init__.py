"""Tools of the debugger: where a page comes from, why its record is as it is, where it leads."""
