"""Where a journal stops being one straight line: epochs, gaps, forks, grants, dates."""
