"""Events for other programs: as calendars, as linked data, as an agenda and as news. What anybody may see of them."""
