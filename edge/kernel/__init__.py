"""Ground floor: identifiers, time, errors, hashing. Imports nothing of ours."""
