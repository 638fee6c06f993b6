"""From the station journal to the county and back."""
