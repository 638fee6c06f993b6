"""What a world is made of: real stations and county, steel, roads."""
