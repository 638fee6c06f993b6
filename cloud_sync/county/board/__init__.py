"""村里的通知: what the county posts for whole villages, at all stations or at some."""
