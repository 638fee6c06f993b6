"""From a message to sealed bytes and back."""
