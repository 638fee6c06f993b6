"""The station: rules, store, loop, pages and the command line."""
