# Feedback.

refusal-did-not-attend = Feedback is for those who were there.
refusal-feedback-not-open-yet = The event has not ended: say what you think of it afterwards.
refusal-feedback-is-over = Feedback is taken for 90 days: that time is over.
refusal-feedback-given = You have said what you think of this event already.
