"""`python -m edge.cli` is `cunyi`."""

from edge.cli import main

main()
