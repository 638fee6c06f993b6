"""Whom a parcel is for, as far as the county must know: a number to tell, sealed, and a link."""
