"""What the people who share a book do to it."""
