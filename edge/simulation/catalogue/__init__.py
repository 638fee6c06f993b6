"""The fault catalogue as code: what goes wrong, what is expected, and the story that shows it."""
