# Participer : se désister, entrer le code, et ce qu’établissent les organisateurs.

refusal-not-taking-part = Vous ne participez pas à cet événement : inscrivez-vous d’abord.
refusal-attendance-settled = Les organisateurs ont déjà établi si vous étiez là : s’ils se sont trompés, signalez-le-leur.

refusal-desk-not-open-yet = Il est encore trop tôt : notez les présences à partir d’une demi-heure avant le début.
refusal-desk-is-closed = Il est trop tard : les présences s’établissent jusqu’à 30 jours après la fin.
refusal-unknown-participant = Cette personne n’est pas inscrite à cet événement : choisissez-la dans la liste des inscriptions.
refusal-registration-withdrawn = Cette personne a annulé son inscription : on ne peut pas noter qu’elle est venue, ni qu’elle a manqué.
refusal-organizers-attendance = Personne ne confirme sa propre présence, ni celle de qui organise avec soi : retirez ce nom de la liste.
refusal-both-here-and-away = Cette personne est notée à la fois présente et absente : gardez l’un des deux.
refusal-no-seat-left =
    { $maximum ->
        [one] La seule place est prise : notez d’abord l’absence de qui n’est pas venu.
       *[other] Les { $maximum } places sont prises : notez d’abord l’absence de qui n’est pas venu.
    }

refusal-own-influence = Personne ne corrige ses propres points : demandez-le à quelqu’un d’autre de la modération.
refusal-nothing-to-adjust = Zéro point ne corrige rien : donnez-en ou reprenez-en, { $maximum } au plus.
