"""One SQLite file a station: the journal, which is also the outbox, and tables made from it."""
