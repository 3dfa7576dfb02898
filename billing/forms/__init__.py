"""What people type, by the pages on which they type it."""
