"""What `cunyi bench` measures, one module a figure."""
