"""What the crawler remembers between runs, and the folder it publishes to."""
