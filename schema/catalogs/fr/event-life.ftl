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
    [overlapping] 0 point : vous étiez déjà à un autre événement au même moment.
    [skilled] { $base } points ({ ledger-stars }, { ledger-duration }), multipliés par { $skillFactor } grâce à votre compétence « { ledger-skill } », soit { $points } points.
    [repeated] { $base } points ({ ledger-stars }, { ledger-duration }), comptés à { ledger-share } car { ledger-repeats }, soit { $points } points.
    [both] { $base } points ({ ledger-stars }, { ledger-duration }), multipliés par { $skillFactor } grâce à votre compétence « { ledger-skill } » et comptés à { ledger-share } car { ledger-repeats }, soit { $points } points.
   *[plain] { $points } points ({ ledger-stars }, { ledger-duration }).
  }
