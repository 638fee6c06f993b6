"""The pure core: inputs, facts, effects, and decide/evolve over one immutable state."""
