# The life of an event: what is changed, what is called off, what is told afterwards, and what it is worth to its reader.

refusal-too-late-to-cancel = This event is over: it can’t be cancelled any more. If it didn’t take place, tell the moderators.
refusal-outcome-too-early = This event isn’t over: wait for its end to say what came of it.
refusal-attendance-already-confirmed = Somebody’s attendance is confirmed already: what the event’s worth rests on can’t change any more.
refusal-seats-are-taken =
    { $taken ->
        [one] { $taken } seat is taken already: keep at least as many.
       *[other] { $taken } seats are taken already: keep at least as many.
    }

reward-explanation = { $case ->
    [overlapping] 0 points and nothing towards skills: it overlaps another event that you attended by more than 15 minutes.
    [exhausted] 0 points of { $base } ({ ledger-stars }, { ledger-duration }), because { ledger-repeats }.
    [skilled] { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } thanks to your skill “{ ledger-skill }”, which makes { ledger-points }.
    [repeated] { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-share } because { ledger-repeats }, which makes { ledger-points }.
    [both] { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } thanks to your skill “{ ledger-skill }”, then { ledger-share } because { ledger-repeats }, which makes { ledger-points }.
   *[plain] { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }
