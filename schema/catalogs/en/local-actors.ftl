# Local actors

refusal-not-a-watcher = Only verified organisations look for people, and political groups never.
refusal-not-found-by-you = Your organisation has not found anybody like that within a year.
refusal-invited-already = They have been invited to it already.
refusal-not-yours-to-invite-to = An organisation invites to its own events.
refusal-nothing-to-go-to = The event is not open to anybody.
refusal-no-such-invitation = There is no such invitation.
refusal-unknown-watch = There is no such watch.
refusal-too-many-watches = An organisation has { $maximum } watches at most.
