"""`cunyi twin NAME`: one simulated device alone in a terminal, told by typed lines."""
