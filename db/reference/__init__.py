"""What every database begins with."""
