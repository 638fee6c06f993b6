"""A scale with a swinging platform, and a reader of identity cards."""
