"""Google's own messages, and bodies held against them."""
