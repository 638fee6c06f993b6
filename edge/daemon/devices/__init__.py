"""Between the loop and the devices: locks, paper, voice, power."""
