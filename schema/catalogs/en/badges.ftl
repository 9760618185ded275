# Credentials: what they say in words.

badge-description = Took part in “{ $title }”.
badge-criteria = Be there: attendance is established on the spot, or by the organisers.
badge-duration = Duration
badge-theme = Theme
badge-evidence-check-in-code = Entered the code that was shown on the spot.
badge-evidence-organizer = An organiser confirmed that they were there.
badge-evidence-partner = The organiser’s system confirmed that they were there.
