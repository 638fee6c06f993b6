"""Setting up a cabinet: what is plugged in, which lock opens which door, and the proof on paper."""
