"""Time, chance, trace and places of a world."""
