# What people change about their account and their profile.

refusal-link-expired = This link is no longer valid: ask for a new one, then open the last that you received.
refusal-link-used = This link has been used already: there is nothing left to do. Ask for a new one if you need to.
refusal-email-already-verified = Your address is verified already: there is nothing left to do.
refusal-email-unchanged = This is your address already: give another one.
refusal-somebody-has-just-left = Somebody whom this concerns has just deleted their account: look again, then repeat it if it still makes sense.
refusal-wrong-password = This isn’t your current password: check it.
refusal-unknown-session = This session can’t be found: it may have ended already.
refusal-address-not-secure = This picture doesn’t come by a secure address: give one in HTTPS.
