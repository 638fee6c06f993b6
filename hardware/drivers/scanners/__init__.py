"""Scanners: lines, Zebra SSI, keyboards, cameras."""
