# Mails: those of an account, and what they all have in common.

mail-greeting = Hello { $name },
mail-link = If the button does not open, copy this address into your browser:
mail-see-event = See the event
mail-see-notifications = See my notifications
mail-why-announced = You get this mail because your settings ask for notifications by e-mail. You can change your mind here:
mail-why-account = This mail is about your Influents account. Do not forward it to anyone.
mail-signature = Influents, the network of those who get involved

mail-verify-email-subject = Confirm your address
mail-verify-email-text = To confirm that this address is yours, open this link. If you have no Influents account, do nothing: someone probably mistyped their address.
mail-verify-email-action = Confirm my address

mail-change-email-subject = Confirm your new address
mail-change-email-text = You asked to use this address from now on. To confirm it, open this link; until then, the old one stays valid. If you asked for nothing, do nothing.
mail-change-email-action = Confirm my new address

mail-reset-password-subject = Choose a new password
mail-reset-password-text = Someone, probably you, asked for a new password for this account. To choose it, open this link. If you asked for nothing, do nothing: your password does not change.
mail-reset-password-action = Choose a password

mail-email-taken-subject = This address has an account already
mail-email-taken-text = Someone, perhaps you, wanted to attach this address to another account. It belongs to this one already: nothing has changed. If it was not you, there is nothing to do.
mail-email-taken-action = See my settings

mail-identity-linked-subject = Another identity opens your account
mail-identity-linked-text = An identity at another service has just been linked to your account: from now on it is a way into it. If it was not you, unlink it in your settings and change your password.
mail-identity-linked-action = See my settings
