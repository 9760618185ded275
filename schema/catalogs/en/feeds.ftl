# Events for other programs: calendars, news.

feed-events = Influents: events
feed-cancelled = Cancelled: { $title }
feed-own = My Influents events
