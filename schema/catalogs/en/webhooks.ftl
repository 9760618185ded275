# Webhooks

refusal-not-a-webhook-address = A webhook leads to an https address, on port 443 or above 1023, without a name, a password or a fragment in it.
refusal-not-a-public-address = That address leads nowhere, or not to a public place on the internet.
refusal-unknown-webhook = There is no such webhook.
refusal-unknown-webhook-delivery = There is no such delivery: they are kept for 30 days.
refusal-too-many-webhooks = An organisation has { $maximum } webhooks at most.
refusal-not-a-topic = A ping is asked for by pingWebhook: it is no topic.
refusal-webhook-disabled = That webhook is disabled: enable it first.
refusal-still-waiting = It has not been sent yet: it leaves by itself.
