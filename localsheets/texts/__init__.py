"""What people type and what cells show, in each locale."""
