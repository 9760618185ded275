# Refusals: what is wrong, and what can be done about it. One sentence for each subclass of Refusal in domain/.

## Any field

refusal-required = This field is required: fill it in to go on.
refusal-too-short = This is too short: write at least { $minimum } characters.
refusal-too-long = This is too long: { $maximum } characters at most.
refusal-out-of-range = Give a number between { $minimum } and { $maximum }.
refusal-too-many = These are too many: keep { $maximum } at most.
refusal-repeated = Something is there twice: name each item only once.

## Account

refusal-invalid-email = This e-mail address seems incomplete: check it. It should look like “name@example.org”.
refusal-email-taken = There is an account with this address already: sign in, or reset your password if you have forgotten it.
refusal-identity-token-invalid = That token is not one that the service takes, or no longer.
refusal-identity-taken = That identity is linked to another account already.
refusal-another-identity-linked = Another identity of the same provider is linked to this account: unlink it first.
refusal-unknown-identity = No identity of that provider is linked to your account.
refusal-password-too-obvious = This password is too easy to guess: choose a few words that you will remember instead.
refusal-invalid-handle = Choose a handle like “nath-berto”: a letter first, then small letters without accents and digits, with single - or _ between them if you like.
refusal-handle-reserved = Influents keeps this handle for its own use: choose another one.
refusal-handle-taken = This handle is, or once was, somebody else’s: choose another one.
refusal-too-young-to-sign-up = You can sign up from the age of fifteen: until then, events and public profiles can be read without an account.
refusal-too-young-to-be-public = A public profile is for people who have said that they are 18: choose a pseudonymous or a hidden one.
refusal-too-young-to-be-found = Only people who have said that they are 18 can be pointed out to local actors: turn this option off.
refusal-charter-not-accepted = Read the charter in force (version { $version }), then accept it to go on.
refusal-charter-changed = The charter has changed: read version { $version } and accept it, then try again.
refusal-assessment-already-used = This self-assessment has served for a sign-up already: take it again, or sign up without it.
refusal-assessment-token-expired = Your self-assessment is no longer valid, as it is 24 hours old or more: take it again, or sign up without it.
refusal-assessment-token-invalid = We can’t find the result of this self-assessment: take it again, or sign up without it.
refusal-wrong-credentials = The e-mail address or the password is wrong: check both.
refusal-refresh-token-expired = Your session has ended: sign in again.

## Self-assessment


## Events

refusal-unknown-event = This event can’t be found: it doesn’t exist, or you have no access to it. Check its address.
refusal-ends-too-soon = An event lasts a minute at least: choose a later end.
refusal-starts-in-the-past = This moment has passed: choose a date that lies ahead.
refusal-unknown-time-zone = This time zone doesn’t exist: give one such as “Europe/Paris”.
refusal-venue-missing = Say where it takes place, so that everybody knows where to go.
refusal-half-a-position = Half of the position is missing: give both latitude and longitude, or neither.
refusal-event-not-in-that-state =
    { $status ->
        [DRAFT] This event is only a draft yet: submit it first.
        [SUBMITTED] This event waits to be reviewed: wait until it is published.
        [PUBLISHED] This event is published already: that can’t be done any more.
        [REJECTED] This event wasn’t accepted: mend it, then submit it again.
        [CANCELLED] This event is cancelled: that can’t be done any more.
        [COMPLETED] This event is over and closed: that can’t be done any more.
       *[other] The state of this event doesn’t allow that.
    }
refusal-event-not-over-yet = This event isn’t over: wait for its end to close it.

## Taking part

refusal-event-not-open = Nobody can take part in this event at the moment: choose another one.
refusal-event-is-over = This event is over: choose one that lies ahead.
refusal-own-event = You are one of this event’s organisers: there is no need to register.
refusal-not-registered = The code is for people who are registered: register first. If you are on the waiting list, ask the organisers to confirm that you are there.
refusal-check-in-not-open-yet = It is too early: enter the code from half an hour before the start.
refusal-check-in-is-over = The code is no longer taken two hours after the end: ask the organisers to confirm that you were there.
refusal-wrong-check-in-code = This isn’t the right code: copy the one that is shown at the event now.

## Organisations and territories

refusal-unknown-organization = This organisation can’t be found: check its address.
refusal-not-a-member = Only its members act for an organisation: ask to be invited.
refusal-unknown-territory = Influents doesn’t know this territory: choose one from the list.
refusal-too-young-to-propose = Before you are 18, you propose events on behalf of an organisation: choose one that you belong to.
