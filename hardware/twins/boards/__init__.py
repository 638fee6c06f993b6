"""The firmware of each make of lock board: the vendor's bytes, one file a make."""
