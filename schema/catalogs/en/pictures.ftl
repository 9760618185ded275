# Pictures: somebody's influence, to show in a page.

picture-title = Civic influence of { $name }: level { $level }, { $rank }

picture-level = level

picture-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
  }{ $declared ->
    [0] {""}
   *[other] , { $declared } self-declared
  }

picture-next = { $missing ->
    [one] { $missing } more point
   *[other] { $missing } more points
  } to level { $level }

picture-top = The highest level

picture-goal = Level { $level }

picture-over-time = Points over time

picture-earned = Earned by taking part

picture-declared = Self-declared

picture-number = { $number }

picture-skills = Skills: { $skills }.

picture-no-skills = No skill yet.

picture-course = From { $since } to { $until }, from { $first } to { $last } points, { $participations ->
    [0] no public participation
    [one] { $participations } public participation
   *[other] { $participations } public participations
  }.

picture-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  } { $year }

picture-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
  } { $year }
