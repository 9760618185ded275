# Images : l’influence d’une personne, à montrer dans une page.

picture-title = Influence citoyenne de { $name } : niveau { $level }, { $rank }

picture-level = niveau

picture-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
  }{ $declared ->
    [0] {""}
    [one] , dont { $declared } auto-déclaré
   *[other] , dont { $declared } auto-déclarés
  }

picture-next = { $missing ->
    [one] Encore { $missing } point
   *[other] Encore { $missing } points
  } jusqu’au niveau { $level }

picture-top = Le plus haut niveau

picture-goal = Niveau { $level }

picture-over-time = Points au fil du temps

picture-earned = Gagnés en participant

picture-declared = Auto-déclarés

picture-number = { $number }

picture-skills = Compétences : { $skills }.

picture-no-skills = Pas encore de compétence.

picture-course = De { $since } à { $until }, de { $first } à { $last } points, { $participations ->
    [0] aucune participation publique
    [one] { $participations } participation publique
   *[other] { $participations } participations publiques
  }.

picture-month = { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
  } { $year }

picture-month-short = { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
  } { $year }
