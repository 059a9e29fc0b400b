"""What the person prefers: one dialog."""
