"""How a run went: evidence, verdict, exit status, run card, metrics and notifications."""
