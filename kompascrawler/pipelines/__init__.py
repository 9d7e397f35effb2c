"""What happens to an item, in the order that settings.py shows."""
