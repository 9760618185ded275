"""Changes, each within the unit of work it is given. Constraints have the last word."""
