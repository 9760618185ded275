# Taking part: giving it up, the code, and what organisers establish.

refusal-not-taking-part = You don’t take part in this event: register first.
refusal-attendance-settled = The organisers have already established whether you were there: if they are mistaken, tell them.

refusal-desk-not-open-yet = It is too early: note who is there from half an hour before the start.
refusal-desk-is-closed = It is too late: attendance is established until 30 days after the end.
refusal-unknown-participant = This person has not registered for this event: pick them from the list of registrations.
refusal-registration-withdrawn = This person has cancelled their registration: it can’t be noted that they came, or that they missed it.
refusal-organizers-attendance = Nobody confirms their own attendance, nor that of those they organise with: take this name off the list.
refusal-both-here-and-away = This person is noted both as there and as absent: keep one of the two.
refusal-no-seat-left =
    { $maximum ->
        [one] The only seat is taken: first note as absent whoever did not come.
       *[other] All { $maximum } seats are taken: first note as absent whoever did not come.
    }

refusal-own-influence = Nobody corrects their own points: ask another moderator.
refusal-nothing-to-adjust = Zero points correct nothing: give some or take some, { $maximum } at most.
