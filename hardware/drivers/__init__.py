"""Drivers for real devices; each fits a port of hardware.ports."""
