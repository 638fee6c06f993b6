"""What scales on a counter say, and which of it may be believed."""
