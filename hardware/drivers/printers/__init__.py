"""Printers: receipts in ESC/POS, labels in TSPL."""
