# Organisations, tokens, recognised skills and moderation: refusals.

refusal-already-a-member = They belong to it already: change their role instead.
refusal-unknown-citizen = There is no such citizen: check the handle.
refusal-not-invited = There is no invitation to answer: ask an owner to invite you.
refusal-not-in-it = They do not belong to the organisation.
refusal-last-owner = An organisation always keeps an owner: name another one first.
refusal-not-verified = Only verified organisations recognise a skill: ask for verification first.
refusal-own-member = Nobody recognises the skill of their own members, present or of the last twelve months.
refusal-too-many-recognized = { $maximum } skills were recognised in 90 days: wait a little before the next one.
refusal-skill-held-already = They hold that skill already.
refusal-email-not-verified = Confirm your e-mail address first: the link is in the message that you were sent.
refusal-unknown-skill = There is no such skill.
refusal-earned-skill = That skill comes from confirmed participations: it cannot be revoked.
refusal-unknown-subject = There is nothing like that to report.
refusal-unknown-report = There is no such report.
refusal-already-resolved = That report was answered before.
refusal-own-affair = It concerns you: another moderator has to decide.
refusal-never-verified = A political group is always labelled as one, and never verified.
refusal-expires-in-the-past = Choose a date that lies ahead.
refusal-unknown-token = There is no such token.
refusal-account-suspended = Moderators have suspended this account: write to them to learn why.
refusal-not-kept = This row contains something that cannot be kept: remove its invisible characters.
