"""What station and county talk about besides facts."""
