"""What stations may ask: answered from the county's tables, changing nothing."""
