"""Telling addressees that something has come: once, at decent hours, by what reaches them."""
