"""What happens to every request, response or refused page."""
