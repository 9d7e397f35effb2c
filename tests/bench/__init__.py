"""Benchmarks: `make bench`. Ratios within one interleaved run; nothing here decides a test."""
