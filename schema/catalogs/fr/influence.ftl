# Thèmes, rangs, niveaux, et le pourquoi de chaque point.

theme-culture = Culture
theme-solidarity = Solidarité
theme-transport = Transports
theme-sustainable-development = Développement durable
theme-public-administration = Administration publique
theme-economy = Économie

rank-newcomer = Nouveau
rank-engaged = Engagé
rank-confirmed = Confirmé
rank-seasoned = Aguerri
rank-leading = Moteur
rank-influential = Influent


influence-explanation = Niveau { $level } avec { $points ->
    [one] { $points } point
   *[other] { $points } points
  }{ $declared ->
    [0] {""}
   *[other] , dont { $declared } de l’auto-évaluation et { $earned } gagnés en participant
  }.{ $next ->
    [none] {" "}C’est le plus haut niveau.
   *[some] {" "}{ $missing ->
        [one] Encore { $missing } point
       *[other] Encore { $missing } points
      } jusqu’au niveau { $nextLevel }.
  }

ledger-self-assessment = { $points } points de départ, d’après l’auto-évaluation faite à l’inscription.

ledger-participation = { $case ->
    [overlapping] « { $event } » : participation confirmée, mais 0 point, car elle a eu lieu en même temps qu’une autre déjà confirmée.
    [skilled] « { $event } » : { $base } points ({ ledger-stars }, { ledger-duration }), multipliés par { $skillFactor } grâce à la compétence « { ledger-skill } », soit { $points } points.
    [repeated] « { $event } » : { $base } points ({ ledger-stars }, { ledger-duration }), comptés à { ledger-share } car { ledger-repeats }, soit { $points } points.
    [both] « { $event } » : { $base } points ({ ledger-stars }, { ledger-duration }), multipliés par { $skillFactor } grâce à la compétence « { ledger-skill } » et comptés à { ledger-share } car { ledger-repeats }, soit { $points } points.
   *[plain] « { $event } » : { $points } points ({ ledger-stars }, { ledger-duration }).
  }

ledger-organizing = { $case ->
    [repeated] Organisation de « { $event } », qui a réuni assez de participations confirmées : { $base } points ({ ledger-stars }, { ledger-duration }), comptés à { ledger-share } car { ledger-organized }, soit { ledger-points }.
   *[plain] Organisation de « { $event } », qui a réuni assez de participations confirmées : { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }

ledger-adjustment = { $sign ->
    [minus] { ledger-size } en moins
   *[plus] { ledger-size } en plus
  }, par décision de la modération. Motif : { $reason }

ledger-reversal = { $about ->
    [nothing] Écriture annulée
    [organizing] Organisation de « { $event } » : les conditions n’étant plus réunies, l’écriture est annulée
   *[participation] Participation à « { $event } » : elle n’est plus confirmée, ou l’évènement n’a pas eu lieu, et l’écriture est annulée
  }. { $sign ->
    [minus] Les { ledger-size } qu’elle avait donnés sont repris, tels qu’ils avaient été comptés.
   *[plus] Elle n’avait donné aucun point.
  }

ledger-redacted = { $kind ->
    [REVERSAL] { ledger-size } repris, pour une participation qui n’est pas affichée.
   *[other] { $points } points, pour une participation qui n’est pas affichée.
  }

ledger-stars = { $stars ->
    [one] { $stars } étoile
   *[other] { $stars } étoiles
  }

ledger-duration = { $hours ->
    [0] { $minutes } min
   *[other] { $minutes ->
        [0] { $hours } h
       *[other] { $hours } h { $minutes }
      }
  }

ledger-share = { NUMBER($repeatFactor, style: "percent") }

ledger-repeats = { $repeats ->
    [one] une autre participation chez la même personne a déjà compté en 90 jours
   *[other] { $repeats } autres participations chez la même personne ont déjà compté en 90 jours
  }

ledger-organized = { $repeats ->
    [one] un autre évènement organisé a déjà compté en 90 jours
   *[other] { $repeats } autres évènements organisés ont déjà compté en 90 jours
  }

ledger-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
  }

ledger-size = { $size ->
    [one] { $size } point
   *[other] { $size } points
  }

ledger-skill = { $skill ->
    [CULTURE] { theme-culture }
    [SOLIDARITY] { theme-solidarity }
    [TRANSPORT] { theme-transport }
    [SUSTAINABLE_DEVELOPMENT] { theme-sustainable-development }
    [PUBLIC_ADMINISTRATION] { theme-public-administration }
   *[ECONOMY] { theme-economy }
  }

policy-description = Un événement vaut { $perHour } points par heure et par étoile, jusqu’à { $hours } heures, arrondis à la dizaine et jamais moins de { $minimum }. Une compétence sur l’un de ses thèmes multiplie ces points par { $multiplier } : elle s’acquiert par { $contributions } participations confirmées sur ce thème, chez au moins { $organizers } organisateurs différents. Chez une même personne, les participations d’une période de { $days } jours de part et d’autre comptent de moins en moins (facteurs { $factors }, le dernier valant pour toutes les suivantes). Organiser rapporte aussi, dès { $participants } participations confirmées. Le niveau 20 commence à { $top } points. Rien n’est jamais effacé : ce qui était faux est repris par une écriture contraire.
