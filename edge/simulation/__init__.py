"""The world of `cunyi simulate`: the real station and county on virtual time, with every fault."""
