"""How a run went: evidence, verdict, exit status, run card, and who is told of it."""
