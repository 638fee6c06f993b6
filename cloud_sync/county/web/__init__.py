"""The county's page: what the tables say, in words, live."""
