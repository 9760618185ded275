# Ce qu’on change à son compte et à son profil.

refusal-link-expired = Ce lien n’est plus valable : demandez-en un nouveau, puis ouvrez le dernier reçu.
refusal-link-used = Ce lien a déjà servi : il n’y a plus rien à faire. Demandez-en un nouveau si besoin.
refusal-email-already-verified = Votre adresse est déjà vérifiée : il n’y a plus rien à faire.
refusal-email-unchanged = C’est déjà votre adresse : indiquez-en une autre.
refusal-somebody-has-just-left = Une personne concernée vient de supprimer son compte : regardez à nouveau, puis recommencez si cela a encore un sens.
refusal-wrong-password = Ce n’est pas votre mot de passe actuel : vérifiez-le.
refusal-unknown-session = Cette session est introuvable : elle est peut-être déjà terminée.
refusal-address-not-secure = Cette image ne passe pas par une adresse sûre : donnez-en une en HTTPS.
