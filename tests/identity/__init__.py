"""Who belongs to a county: codes, keys, certificates, and pages over TLS."""
