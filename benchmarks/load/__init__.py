"""A day's use at the rate that a machine holds, and ten times as much for a minute (`make bench-load`)."""
