"""投诉帮助: what addressees write to the county, and what the county answers."""
