# Les refus : ce qui ne va pas, et ce qu’on peut y faire. Une phrase par sous-classe de Refusal dans domain/.

## Tous les champs

refusal-required = Ce champ est obligatoire : complétez-le pour continuer.
refusal-too-short = C’est trop court : écrivez au moins { $minimum } caractères.
refusal-too-long = C’est trop long : { $maximum } caractères au plus.
refusal-out-of-range = Donnez un nombre entre { $minimum } et { $maximum }.
refusal-too-many = Il y en a trop : gardez-en { $maximum } au plus.
refusal-repeated = Il y a un doublon : ne citez chaque élément qu’une fois.

## Compte

refusal-invalid-email = Cette adresse e-mail semble incomplète : vérifiez-la. Elle doit ressembler à « prenom@exemple.fr ».
refusal-email-taken = Un compte existe déjà avec cette adresse : connectez-vous, ou changez de mot de passe si vous l’avez oublié.
refusal-identity-token-invalid = Ce jeton n’est pas de ceux que le service accepte, ou n’est plus valable.
refusal-identity-taken = Cette identité est déjà rattachée à un autre compte.
refusal-another-identity-linked = Une autre identité du même fournisseur est rattachée à ce compte : détachez-la d’abord.
refusal-unknown-identity = Aucune identité de ce fournisseur n’est rattachée à votre compte.
refusal-password-too-obvious = Ce mot de passe est trop facile à deviner : choisissez plutôt quelques mots que vous retiendrez.
refusal-invalid-handle = Choisissez un pseudonyme comme « nath-berto » : une lettre d’abord, puis des minuscules sans accent et des chiffres, séparés si vous le souhaitez par un seul - ou _.
refusal-handle-reserved = Influents garde ce pseudonyme pour son propre usage : choisissez-en un autre.
refusal-handle-taken = Ce pseudonyme est, ou a été, celui de quelqu’un d’autre : choisissez-en un autre.
refusal-too-young-to-sign-up = On peut s’inscrire à partir de quinze ans : en attendant, événements et profils publics se consultent sans compte.
refusal-too-young-to-be-public = Un profil public est réservé aux personnes qui ont indiqué avoir 18 ans : choisissez un profil sous pseudonyme ou masqué.
refusal-too-young-to-be-found = Seules les personnes qui ont indiqué avoir 18 ans peuvent être signalées aux acteurs locaux : désactivez cette option.
refusal-charter-not-accepted = Lisez la charte en vigueur (version { $version }), puis acceptez-la pour continuer.
refusal-charter-changed = La charte a changé : lisez la version { $version } et acceptez-la, puis recommencez.
refusal-assessment-already-used = Cette auto-évaluation a déjà servi à une inscription : refaites-la, ou inscrivez-vous sans elle.
refusal-assessment-token-expired = Votre auto-évaluation n’est plus valable, car elle date de 24 heures ou plus : refaites-la, ou inscrivez-vous sans elle.
refusal-assessment-token-invalid = Nous ne retrouvons pas le résultat de cette auto-évaluation : refaites-la, ou inscrivez-vous sans elle.
refusal-wrong-credentials = L’adresse e-mail ou le mot de passe est incorrect : vérifiez l’un et l’autre.
refusal-refresh-token-expired = Votre session est terminée : connectez-vous à nouveau.

## Auto-évaluation


## Événements

refusal-unknown-event = Cet événement est introuvable : il n’existe pas, ou vous n’y avez pas accès. Vérifiez son adresse.
refusal-ends-too-soon = Un événement dure au moins une minute : choisissez une fin plus tardive.
refusal-starts-in-the-past = Ce moment est déjà passé : choisissez une date à venir.
refusal-unknown-time-zone = Ce fuseau horaire n’existe pas : indiquez par exemple « Europe/Paris ».
refusal-venue-missing = Indiquez le lieu, pour que chacun sache où se rendre.
refusal-half-a-position = Il manque la moitié de la position : donnez la latitude et la longitude, ou aucune des deux.
refusal-event-not-in-that-state =
    { $status ->
        [DRAFT] Cet événement n’est encore qu’un brouillon : soumettez-le d’abord.
        [SUBMITTED] Cet événement attend d’être relu : patientez jusqu’à sa publication.
        [PUBLISHED] Cet événement est déjà publié : cela ne se peut plus.
        [REJECTED] Cet événement n’a pas été retenu : corrigez-le, puis soumettez-le à nouveau.
        [CANCELLED] Cet événement est annulé : cela ne se peut plus.
        [COMPLETED] Cet événement est terminé et clos : cela ne se peut plus.
       *[other] L’état de cet événement ne le permet pas.
    }
refusal-event-not-over-yet = Cet événement n’est pas fini : attendez sa fin pour le clore.

## Participation

refusal-event-not-open = On ne peut pas participer à cet événement en ce moment : choisissez-en un autre.
refusal-event-is-over = Cet événement est terminé : choisissez-en un qui est à venir.
refusal-own-event = Vous êtes de ceux qui organisent cet événement : vous n’avez pas à vous y inscrire.
refusal-not-registered = Le code sert aux personnes inscrites : inscrivez-vous d’abord. Si vous êtes sur liste d’attente, demandez aux organisateurs de confirmer votre présence.
refusal-check-in-not-open-yet = Il est encore trop tôt : entrez le code à partir d’une demi-heure avant le début.
refusal-check-in-is-over = Le code n’est plus accepté deux heures après la fin : demandez aux organisateurs de confirmer votre présence.
refusal-wrong-check-in-code = Ce n’est pas le bon code : recopiez celui qui s’affiche en ce moment à l’événement.

## Organisations et territoires

refusal-unknown-organization = Cette organisation est introuvable : vérifiez son adresse.
refusal-not-a-member = Seuls ses membres agissent au nom d’une organisation : demandez-lui de vous inviter.
refusal-unknown-territory = Influents ne connaît pas ce territoire : choisissez-en un dans la liste.
refusal-too-young-to-propose = Avant 18 ans, on propose un événement au nom d’une organisation : choisissez celle dont vous êtes membre.
