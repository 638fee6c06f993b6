"""Bytes to meaning and back: pure, without input, output or a clock."""
