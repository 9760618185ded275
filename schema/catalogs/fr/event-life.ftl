# La vie d’un événement : ce qui se change, ce qui s’annule, ce qu’on en dit après, et ce qu’il vaut pour qui le regarde.

refusal-too-late-to-cancel = Cet événement est passé : il ne s’annule plus. S’il n’a pas eu lieu, dites-le à la modération.
refusal-outcome-too-early = Cet événement n’est pas fini : attendez sa fin pour dire ce qu’il en est sorti.
refusal-attendance-already-confirmed = Une présence est déjà confirmée : ce qui fait la valeur de l’événement ne change plus.
refusal-seats-are-taken =
    { $taken ->
        [one] { $taken } place est déjà prise : gardez-en au moins autant.
       *[other] { $taken } places sont déjà prises : gardez-en au moins autant.
    }

reward-explanation = { $case ->
    [overlapping] 0 point et rien pour les compétences : il chevauche de plus de 15 minutes un autre événement où vous étiez.
    [exhausted] 0 point sur { $base } ({ ledger-stars }, { ledger-duration }), car { ledger-repeats }.
    [skilled] { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } grâce à votre compétence « { ledger-skill } », soit { ledger-points }.
    [repeated] { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-share } car { ledger-repeats }, soit { ledger-points }.
    [both] { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } grâce à votre compétence « { ledger-skill } », puis { ledger-share } car { ledger-repeats }, soit { ledger-points }.
   *[plain] { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }
