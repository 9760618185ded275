# What is recommended, and why.

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
