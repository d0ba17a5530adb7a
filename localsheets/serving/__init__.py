"""What stands before every method: tokens, quotas, bodies, answers."""
