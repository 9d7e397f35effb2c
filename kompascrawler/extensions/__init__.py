"""What watches a run and sums it up."""
