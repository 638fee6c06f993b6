"""From a message to committed rows and an answer."""
