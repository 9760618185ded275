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
error-too-many-buckets = A timeline has { $maximum } stretches at most: choose a longer interval or a shorter time.
error-bad-window = One looks back a year at most, and not ahead.
error-bad-representation = That representation stands for nothing that Influents knows.
error-too-complex-depth = The fields of that query lie { $found } deep within each other; { $limit } is the limit.
error-too-complex-aliases = That query renames { $found } fields; { $limit } is the limit.
error-too-complex-directives = That query uses { $found } directives; { $limit } is the limit.
error-too-complex-tokens = That query has more than { $limit } words and marks, which is the limit.
error-too-complex-operations = That document holds { $found } operations; { $limit } is the limit.
error-too-complex-cost = That query costs { $found }; { $limit } is the limit. Ask for fewer items, or for less of each.
error-too-complex-nodes = That query may come to { $found } objects; { $limit } is the limit.
error-too-complex-comparisons = That query repeats fields so often that they can’t be compared in { $limit } steps, which is the limit.
error-too-complex-introspection-depth = That query asks for the schema { $found } deep; { $limit } is the limit.
error-too-complex-introspection-nodes = That query may come to { $found } parts of the schema; { $limit } is the limit.
error-search-too-long = A search has { $limit } characters at most.
error-too-many-items = A list has { $found } items; { $limit } is the limit.
error-introspection-closed = The schema isn’t told here: introspection is closed.
error-service-unavailable = The service is unavailable for the moment. Try again shortly.
error-internal = Something unexpected went wrong. If it happens again, report it with this number: { $id }.
error-rate-limited = Too many tries: try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }.
