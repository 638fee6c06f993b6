"""The house around the locker: power, voice, buzzer and lamps."""
