# Webhooks

refusal-not-a-webhook-address = Un webhook mène à une adresse https, sur le port 443 ou au-dessus de 1023, sans nom, mot de passe ni fragment.
refusal-not-a-public-address = Cette adresse ne mène nulle part, ou pas à un lieu public sur internet.
refusal-unknown-webhook = Il n’y a pas de tel webhook.
refusal-unknown-webhook-delivery = Il n’y a pas de tel envoi : ils sont gardés 30 jours.
refusal-too-many-webhooks = Une organisation a { $maximum } webhooks au plus.
refusal-not-a-topic = Un essai se demande par pingWebhook : ce n’est pas un sujet.
refusal-webhook-disabled = Ce webhook est désactivé : réactivez-le d’abord.
refusal-still-waiting = Cet envoi n’est pas encore parti : il partira de lui-même.
