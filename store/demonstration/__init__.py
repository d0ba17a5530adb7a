"""What `flask demo` loads: the five programmes and invented participants."""
