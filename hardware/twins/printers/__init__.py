"""Printers that understand what they are told, and show the paper as a picture."""
