# Notifications: a sentence for each, and the subject of the mail that carries it.
# $about is “nothing” where the event can no longer be seen, $by “nobody” where the organisation isn’t known.

refusal-unknown-notification = There is no such notification, or it is not yours.

notification-event-changed = { $about ->
    [nothing] An event you are taking part in has changed.
   *[event] “{ $event }” has changed: check the date, the place and the programme.
  }
subject-event-changed = { $about ->
    [nothing] An event has changed
   *[event] Changed: { $event }
  }

notification-event-cancelled = { $about ->
    [nothing] An event you were to take part in is cancelled.
   *[event] “{ $event }” is cancelled. The reason is given on its page.
  }
subject-event-cancelled = { $about ->
    [nothing] An event is cancelled
   *[event] Cancelled: { $event }
  }

notification-seat-freed = { $about ->
    [nothing] A seat has become free: it is yours.
   *[event] A seat for “{ $event }” has become free: it is yours. If you can no longer come, cancel your registration and leave it to someone else.
  }
subject-seat-freed = { $about ->
    [nothing] A seat has become free for you
   *[event] A seat for you: { $event }
  }

notification-attendance-confirmed = { $about ->
    [nothing] Your participation is confirmed.
   *[event] Your participation in “{ $event }” is confirmed.
  }{ $points ->
    [0] {""}
    [one] {" "}It earns you { $points } point.
   *[other] {" "}It earns you { $points } points.
  }
subject-attendance-confirmed = { $about ->
    [nothing] Your participation is confirmed
   *[event] Participation confirmed: { $event }
  }

notification-level-reached = You have reached level { $level }!
subject-level-reached = You have reached level { $level }

notification-skill-gained = You have gained a skill: “{ ledger-skill }”. From now on, taking part on this theme counts for more.
subject-skill-gained = A skill gained: { ledger-skill }

notification-feedback-received = { $about ->
    [nothing] An event that you organise has received feedback.
   *[event] “{ $event }” has received feedback.
  }
subject-feedback-received = { $about ->
    [nothing] Feedback on your event
   *[event] Feedback on your event: { $event }
  }

notification-outcome-published = { $about ->
    [nothing] What came of an event you took part in has been published.
   *[event] What came of “{ $event }” has been published: read what it led to and what was decided.
  }
subject-outcome-published = { $about ->
    [nothing] What came of an event
   *[event] What came of it: { $event }
  }

notification-event-reviewed = { $decision ->
    [REJECT] { $about ->
        [nothing] The event that you proposed was not published.
       *[event] “{ $event }” was not published. The reason is given on its page: mend it, then submit it again.
      }
   *[PUBLISH] { $about ->
        [nothing] The event that you proposed is published.
       *[event] “{ $event }” is published: people can register.
      }
  }
subject-event-reviewed = { $decision ->
    [REJECT] { $about ->
        [nothing] Your event was not published
       *[event] To be mended: { $event }
      }
   *[PUBLISH] { $about ->
        [nothing] Your event is published
       *[event] Published: { $event }
      }
  }

notification-invitation = { $about ->
    [nothing] { inviting-organization } invites you to become a member.
   *[event] { inviting-organization } invites you to “{ $event }”.
  }
subject-invitation = { $about ->
    [nothing] { inviting-organization } invites you to become a member
   *[event] { inviting-organization } invites you: { $event }
  }
inviting-organization = { $by ->
    [nobody] An organisation
   *[organization] { $organization }
  }

notification-watch = Somebody new has become active where { watching-organization } watches.
subject-watch = Somebody new where { watching-organization } watches
watching-organization = { $by ->
    [nobody] an organisation of yours
   *[organization] { $organization }
  }

notification-webhook-disabled = A webhook of { webhook-organization } doesn’t answer any more: it is disabled. What waits leaves once one of its owners enables it again.
subject-webhook-disabled = A webhook of { webhook-organization } is disabled
webhook-organization = { $by ->
    [nobody] one of your organisations
   *[organization] { $organization }
  }
