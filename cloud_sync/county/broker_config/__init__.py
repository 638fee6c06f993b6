"""What a broker must be told so that each certificate has its own topics and no more."""
