# What is recommended and why, then next steps.

recommended-for-talent = It looks for a talent that you offer: { $talent }.
recommended-for-skill-completed = It is the one that you lack for the skill “{ ledger-skill }”.
recommended-for-new-organizer = You have done nothing with this organiser yet: it counts towards your skill “{ ledger-skill }”, which takes several of them.
recommended-towards-skill = After this one you will need { $lacking ->
    [organizer] only an event of another organiser
   *[contributions] { $missing ->
        [one] only one more participation
       *[other] { $missing } more participations
      }
  } for the skill “{ ledger-skill }”.
recommended-for-skill-held = Your skill “{ ledger-skill }” counts here: { ledger-points } instead of { $base }.
recommended-for-expertise = { $many ->
    [one] You have taken part on this theme once before: “{ ledger-skill }”.
   *[other] You have taken part on this theme { $many } times before: “{ ledger-skill }”.
  }
recommended-at-home = It is in your territory{ $where ->
    [city] , in { $city }.
   *[somewhere] .
  }
recommended-online = It is online: you can be there wherever you are.
recommended-soon = It is soon: { DAY($day) }.
recommended-for-points = It brings { ledger-points }.

# Next steps. $about is “nothing” where no event is named.

coaching-coming = “{ $event }” is on { DAY($day) }. The code is shown on the spot; if you can’t come any more, cancel to free the seat.
coaching-first = { $about ->
    [nothing] Nothing is announced yet that you could join: this guide says where to look.
   *[event] To begin with: { coaching-invitation }. Taking part for the first time brings { ledger-points }{ $brings ->
        [level] {" "}and leads to level { $level }
       *[points] {""}
      }.
  }
coaching-level = { $missing ->
    [one] { $missing } more point
   *[other] { $missing } more points
  } to { $rank ->
    [same] level { $level }
   *[other] the rank “{ coaching-rank }”
  }: { coaching-invitation }, { $brings ->
    [all] brings { $points }
   *[some] already brings { $points }
  }.
coaching-skill = { $many ->
    [one] One more event
   *[other] { $many } more events
  } on “{ ledger-skill }”{ $organizers ->
    [0] {""}
   *[other] { $many ->
        [one] {" "}from another organiser
       *[other] , one at least from another organiser
      }
  }, and your skill { $raised ->
    [twice] doubles
   *[more] multiplies by { $skillFactor }
  } what follows.{ $about ->
    [nothing] {""}
   *[event] {" "}For example { coaching-invitation }.
  }
coaching-skill-held = Your skill “{ ledger-skill }” counts for { coaching-invitation }: { ledger-points } instead of { $base }.
coaching-feedback = You were at “{ $event }”: say in two sentences what went well, and what could be better.{ $others ->
    [0] {""}
    [one] {" "}Another event awaits your feedback, too.
   *[other] {" "}{ $others } other events await your feedback, too.
  }
coaching-outcome = “{ $event }” is over: { $people ->
    [one] the person who was there is waiting
   *[other] the { $people } people who were there are waiting
  } to hear what came of it.
coaching-verify-email = Confirm your e-mail address: without it, what you take part in counts for you, but not for those who organise.
coaching-say-where = Say in which territory you live: what happens there will be proposed to you first.
coaching-offer-talents = { $many ->
    [one] An event to come looks
   *[other] { $many } events to come look
  } for talents: name yours on your profile.
coaching-say-who = Introduce yourself on your profile in a sentence: organisers like to know who is coming.
coaching-speak-up = A public decision is up for discussion: { coaching-invitation }. Two minutes of speaking can be prepared.
coaching-organize = You have taken part { $many } times: you know what makes a good event. Propose your own.
coaching-unlisted = { $many ->
    [one] One of your participations isn’t shown: it counts
   *[other] { $many } of your participations aren’t shown: they count
  } all the same, and you can decide otherwise at any time.

coaching-invitation = “{ $event }”, { DAY($day) }{ $where ->
    [online] , online
    [city] {" "}({ $city })
   *[somewhere] {""}
  }
coaching-rank = { $rank ->
    [NEWCOMER] { rank-newcomer }
    [ENGAGED] { rank-engaged }
    [CONFIRMED] { rank-confirmed }
    [SEASONED] { rank-seasoned }
    [LEADING] { rank-leading }
   *[INFLUENTIAL] { rank-influential }
  }
