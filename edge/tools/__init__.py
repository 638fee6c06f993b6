"""Programs around the station: demo, workbench, doctor, bench."""
