"""A supply with a battery, and a loudspeaker that understands."""
