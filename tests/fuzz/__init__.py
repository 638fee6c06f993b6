"""Broken input at every door of the system: nothing crashes, hangs, moves or piles up.

`make fuzz COUNT=20` tries twenty times as many inputs as the tests do; FUZZ_SEED repeats a run.
"""
