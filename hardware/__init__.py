"""Drivers for the things at a station, their twins, and the ports that both fit."""
