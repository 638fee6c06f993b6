"""The station end of the sync: a pure uplink and the session around it."""
