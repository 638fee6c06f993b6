"""Simulated hardware below the driver: it speaks the bytes of the real thing."""
