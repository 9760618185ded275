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

ledger-self-assessment = { ledger-points } pour commencer : le seuil du niveau { $level }, d’après l’auto-évaluation faite à l’inscription.

ledger-participation = { $case ->
    [overlapping] « { $event } » : présence confirmée, mais 0 point et rien pour les compétences, car l’événement en chevauche de plus de 15 minutes un autre où la présence était déjà confirmée.
    [exhausted] « { $event } » : présence confirmée, mais 0 point sur { $base } ({ ledger-stars }, { ledger-duration }), car { ledger-repeats }.
    [skilled] « { $event } » : { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } grâce à la compétence « { ledger-skill } », soit { ledger-points }.
    [repeated] « { $event } » : { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-share } car { ledger-repeats }, soit { ledger-points }.
    [both] « { $event } » : { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-raised } grâce à la compétence « { ledger-skill } », puis { ledger-share } car { ledger-repeats }, soit { ledger-points }.
   *[plain] « { $event } » : { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }

ledger-organizing = { $case ->
    [exhausted] Organisation de « { $event } », avec au moins { $participants } participations qui comptent : 0 point sur { $base } ({ ledger-stars }, { ledger-duration }), car { ledger-organized }.
    [repeated] Organisation de « { $event } », avec au moins { $participants } participations qui comptent : { $base } points ({ ledger-stars }, { ledger-duration }), { ledger-share } car { ledger-organized }, soit { ledger-points }.
   *[plain] Organisation de « { $event } », avec au moins { $participants } participations qui comptent : { ledger-points } ({ ledger-stars }, { ledger-duration }).
  }

ledger-adjustment = { $sign ->
    [minus] { ledger-size } en moins
   *[plus] { ledger-size } en plus
  }, par décision de la modération. Motif : { $reason }

ledger-reversal = { $about ->
    [nothing] Une écriture est annulée.
    [organizing] Organisation de « { $event } » : les conditions ne sont plus réunies.
   *[participation] Participation à « { $event } » : la présence n’est plus confirmée, ou l’événement n’a pas eu lieu.
  } { $sign ->
    [minus] { $size ->
        [one] Le point qui avait été donné est repris.
       *[other] Les { $size } points qui avaient été donnés sont repris.
      }
   *[plus] Aucun point n’avait été donné, aucun n’est repris.
  }

ledger-redacted = { $kind ->
    [REVERSAL] { ledger-size } repris, pour une participation qui n’est pas affichée.
   *[other] { ledger-points }, pour une participation qui n’est pas affichée.
  }

ledger-stars = { $stars ->
    [one] { $stars } étoile
   *[other] { $stars } étoiles
  }

ledger-duration = { $hours ->
    [0] { $minutes } min
   *[other] { $minutes ->
        [0] { $hours } h
       *[other] { $hours } h { NUMBER($minutes, minimumIntegerDigits: 2) }
      }
  }

ledger-raised = { $raised ->
    [twice] doublés
   *[other] multipliés par { $skillFactor }
  }

ledger-share = { $share ->
    [half] comptés pour moitié
   *[other] comptés à { NUMBER($repeatFactor, style: "percent") }
  }

ledger-repeats = { $repeats ->
    [one] une autre participation à un événement de la même personne, à { $days } jours d’écart au plus, a déjà compté
   *[other] { $repeats } autres participations à des événements de la même personne, à { $days } jours d’écart au plus, ont déjà compté
  }

ledger-organized = { $repeats ->
    [one] un autre événement organisé par la même personne, à { $days } jours d’écart au plus, a déjà compté
   *[other] { $repeats } autres événements organisés par la même personne, à { $days } jours d’écart au plus, ont déjà compté
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
