"""The workbench: the simulated hardware of one station on a page, for hands and for scripts."""
