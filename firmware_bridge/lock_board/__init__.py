"""Lock boards: frames, their meaning, and what to say next."""
