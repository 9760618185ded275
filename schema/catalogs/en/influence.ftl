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

ledger-self-assessment = { ledger-points } to start with: where level { $level } begins, by the self-assessment made at sign-up.

ledger-participation = { $case ->
    [overlapping] “{ $event }”: attendance confirmed, but 0 points and nothing towards skills, because the event overlaps another one, attended already, by more than 15 minutes.
    [exhausted] “{ $event }”: attendance confirmed, but 0 points of { $base } ({ ledger-stars }, { ledger-duration }), because { ledger-repeats }.
    [skilled] “{ $event }”: { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } thanks to the skill “{ ledger-skill }”, which makes { ledger-points }.
    [repeated] “{ $event }”: { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-share } because { ledger-repeats }, which makes { ledger-points }.
    [both] “{ $event }”: { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } thanks to the skill “{ ledger-skill }”, then { ledger-share } because { ledger-repeats }, which makes { ledger-points }.
   *[plain] “{ $event }”: { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }

ledger-organizing = { $case ->
    [exhausted] Organising “{ $event }”, with { $participants } or more participants who count: 0 points of { $base } ({ ledger-stars }, { ledger-duration }), because { ledger-organized }.
    [repeated] Organising “{ $event }”, with { $participants } or more participants who count: { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-share } because { ledger-organized }, which makes { ledger-points }.
   *[plain] Organising “{ $event }”, with { $participants } or more participants who count: { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }

ledger-adjustment = { $sign ->
    [minus] { ledger-size } taken away
   *[plus] { ledger-size } given
  } by a moderator. Reason: { $reason }

ledger-reversal = { $about ->
    [nothing] An entry is taken back.
    [organizing] Organising “{ $event }”: the conditions are no longer met.
   *[participation] Taking part in “{ $event }”: attendance is no longer confirmed, or the event did not take place.
  } { $sign ->
    [minus] { $size ->
        [one] The point that was given is taken back.
       *[other] The { $size } points that were given are taken back.
      }
   *[plus] No points were given, so none are taken back.
  }

ledger-redacted = { $kind ->
    [REVERSAL] { ledger-size } taken back, for a participation that is not shown.
   *[other] { ledger-points }, for a participation that is not shown.
  }

ledger-stars = { $stars ->
    [one] { $stars } star
   *[other] { $stars } stars
  }

ledger-duration = { $hours ->
    [0] { $minutes } min
   *[other] { $minutes ->
        [0] { $hours } h
       *[other] { $hours } h { NUMBER($minutes, minimumIntegerDigits: 2) }
      }
  }

ledger-raised = { $raised ->
    [twice] doubled
   *[other] multiplied by { $skillFactor }
  }

ledger-share = { $share ->
    [half] halved
   *[other] counted at { NUMBER($repeatFactor, style: "percent") }
  }

ledger-repeats = { $repeats ->
    [one] another participation in an event of the same person, at most { $days } days apart, already counted
   *[other] { $repeats } other participations in events of the same person, at most { $days } days apart, already counted
  }

ledger-organized = { $repeats ->
    [one] another event organised by the same person, at most { $days } days apart, already counted
   *[other] { $repeats } other events organised by the same person, at most { $days } days apart, already counted
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
