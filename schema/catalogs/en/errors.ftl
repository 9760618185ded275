# Errors that a program can put right, or that will pass.

error-unauthenticated = Sign in first: a valid access token is needed.
error-sign-in-again = This needs a sign-in within the last ten minutes: sign in again, then try once more.
error-forbidden = You are not allowed to do that.
error-bad-id = That is not an id that Influents gives.
error-bad-cursor = That is not a cursor that this list gives.
error-too-many-ids = { $maximum } ids at most.
error-page-size = “first” and “last” go from 1 to { $maximum }.
error-first-and-last = Ask for “first” or for “last”, not for both.
error-bad-position = A position has a latitude from -90 to 90 and a longitude from -180 to 180, a radius lies between 0 and { $kilometres } km, and a rectangle’s south isn’t north of its north.
error-nothing-to-order-by = The order { $order } goes by the filter’s “{ $field }”: give it.
error-bad-representation = That representation stands for nothing that Influents knows.
error-bad-text = A text contains a character that cannot be kept.
error-too-complex = That query asks for too much at once: split it.
error-service-unavailable = The service is unavailable for the moment. Try again shortly.
error-internal = Something unexpected went wrong. If it happens again, report it with this number: { $id }.
error-rate-limited = Too many tries: try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }.
