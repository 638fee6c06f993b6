"""What stands on the counter: scales and the identity card reader."""
