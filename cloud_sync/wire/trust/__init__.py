"""Who is who, and how either end proves it."""
