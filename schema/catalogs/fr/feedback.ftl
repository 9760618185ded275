# Les avis.

refusal-did-not-attend = Seules les personnes qui y étaient donnent leur avis.
refusal-feedback-not-open-yet = L’événement n’est pas fini : donnez votre avis après sa fin.
refusal-feedback-is-over = Les avis sont recueillis pendant 90 jours : ce délai est passé.
refusal-feedback-given = Vous avez déjà donné votre avis sur cet événement.
