"""The pipe through the broker, and its addresses."""
