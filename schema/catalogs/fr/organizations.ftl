# Organisations, jetons, compétences reconnues et modération : les refus.

refusal-already-a-member = Cette personne en est déjà membre : changez plutôt son rôle.
refusal-unknown-citizen = Cette personne est introuvable : vérifiez son pseudonyme.
refusal-not-invited = Il n’y a pas d’invitation en attente : demandez aux responsables de vous inviter.
refusal-not-in-it = Cette personne n’est pas membre de l’organisation.
refusal-last-owner = Une organisation garde toujours un responsable : nommez-en d’abord un autre.
refusal-not-verified = Seules les organisations vérifiées reconnaissent une compétence : demandez d’abord la vérification.
refusal-own-member = On ne reconnaît pas la compétence de ses propres membres, actuels ou partis depuis moins d’un an.
refusal-too-many-recognized = { $maximum } compétences ont déjà été reconnues en 90 jours : attendez un peu avant la suivante.
refusal-skill-held-already = Cette personne a déjà cette compétence.
refusal-email-not-verified = Confirmez d’abord votre adresse e-mail : le lien est dans le message que vous avez reçu.
refusal-unknown-skill = Cette compétence est introuvable.
refusal-earned-skill = Cette compétence vient de participations confirmées : elle ne se retire pas.
refusal-unknown-subject = Ce que vous signalez est introuvable.
refusal-unknown-report = Ce signalement est introuvable.
refusal-already-resolved = Ce signalement a déjà reçu une réponse.
refusal-own-affair = Cela vous concerne : une autre personne de la modération doit en décider.
refusal-never-verified = Un groupe politique est toujours signalé comme tel, et n’est jamais vérifié.
refusal-expires-in-the-past = Choisissez une date à venir.
refusal-unknown-token = Ce jeton est introuvable.
refusal-account-suspended = Ce compte est suspendu par la modération : écrivez-lui pour en connaître la raison.
refusal-not-kept = Cette ligne contient quelque chose qui ne peut pas être gardé : retirez-en les caractères invisibles.
