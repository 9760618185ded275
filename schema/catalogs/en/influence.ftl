# Themes, ranks, levels, and the why of every point.

theme-culture = Culture
theme-solidarity = Solidarity
theme-transport = Transport
theme-sustainable-development = Sustainable development
theme-public-administration = Public administration
theme-economy = Economy

rank-newcomer = Newcomer
rank-engaged = Engaged
rank-confirmed = Confirmed
rank-seasoned = Seasoned
rank-leading = Leading
rank-influential = Influential

influence-explanation = Level { $level } with { $points ->
    [one] { $points } point
   *[other] { $points } points
  }{ $declared ->
    [0] {""}
   *[other] , of which { $declared } from the self-assessment and { $earned } earned by taking part
  }.{ $next ->
    [none] {" "}It is the highest level.
   *[some] {" "}{ $missing ->
        [one] { $missing } more point
       *[other] { $missing } more points
      } to level { $nextLevel }.
  }

ledger-self-assessment = { $points } points to start with, from the self-assessment made at sign-up.

ledger-participation = { $case ->
    [overlapping] “{ $event }”: attendance confirmed, but 0 points, since it took place at the same time as another one that was already confirmed.
    [skilled] “{ $event }”: { $base } points ({ ledger-stars }, { ledger-duration }), multiplied by { $skillFactor } thanks to the skill “{ ledger-skill }”, which makes { $points } points.
    [repeated] “{ $event }”: { $base } points ({ ledger-stars }, { ledger-duration }), counted at { ledger-share } because { ledger-repeats }, which makes { $points } points.
    [both] “{ $event }”: { $base } points ({ ledger-stars }, { ledger-duration }), multiplied by { $skillFactor } thanks to the skill “{ ledger-skill }” and counted at { ledger-share } because { ledger-repeats }, which makes { $points } points.
   *[plain] “{ $event }”: { $points } points ({ ledger-stars }, { ledger-duration }).
  }

ledger-organizing = { $case ->
    [repeated] Organising “{ $event }”, which had enough confirmed participants: { $base } points ({ ledger-stars }, { ledger-duration }), counted at { ledger-share } because { ledger-organized }, which makes { ledger-points }.
   *[plain] Organising “{ $event }”, which had enough confirmed participants: { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }

ledger-adjustment = { $sign ->
    [minus] { ledger-size } taken away
   *[plus] { ledger-size } given
  } by a moderator. Reason: { $reason }

ledger-reversal = { $about ->
    [nothing] An entry is taken back
    [organizing] Organising “{ $event }”: the conditions are no longer met, so the entry is taken back
   *[participation] Taking part in “{ $event }”: it is no longer confirmed, or the event did not take place, so the entry is taken back
  }. { $sign ->
    [minus] The { ledger-size } that it gave are taken away, just as they were counted.
   *[plus] It had given no points.
  }

ledger-redacted = { $kind ->
    [REVERSAL] { ledger-size } taken back, for a participation that is not shown.
   *[other] { $points } points, for a participation that is not shown.
  }

ledger-stars = { $stars ->
    [one] { $stars } star
   *[other] { $stars } stars
  }

ledger-duration = { $hours ->
    [0] { $minutes } min
   *[other] { $minutes ->
        [0] { $hours } h
       *[other] { $hours } h { $minutes }
      }
  }

ledger-share = { NUMBER($repeatFactor, style: "percent") }

ledger-repeats = { $repeats ->
    [one] another participation with the same person already counted within 90 days
   *[other] { $repeats } other participations with the same person already counted within 90 days
  }

ledger-organized = { $repeats ->
    [one] another event that they organised already counted within 90 days
   *[other] { $repeats } other events that they organised already counted within 90 days
  }

ledger-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
  }

ledger-size = { $size ->
    [one] { $size } point
   *[other] { $size } points
  }

ledger-skill = { $skill ->
    [CULTURE] { theme-culture }
    [SOLIDARITY] { theme-solidarity }
    [TRANSPORT] { theme-transport }
    [SUSTAINABLE_DEVELOPMENT] { theme-sustainable-development }
    [PUBLIC_ADMINISTRATION] { theme-public-administration }
   *[ECONOMY] { theme-economy }
  }

policy-description = An event is worth { $perHour } points per hour and star, for { $hours } hours at most, rounded to the nearest ten and never less than { $minimum }. A skill in one of its themes multiplies these by { $multiplier }: it is gained by { $contributions } confirmed participations on that theme, from at least { $organizers } different organisers. With one and the same person, participations within { $days } days on either side count less and less (factors { $factors }, the last one going on). Organising brings points too, from { $participants } confirmed participations on. Level 20 starts at { $top } points. Nothing is ever erased: what was wrong is taken back by a contrary entry.
