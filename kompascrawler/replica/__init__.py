"""A small generated Kompas, played as a forward proxy, for the demo, the tests and the benchmarks."""
