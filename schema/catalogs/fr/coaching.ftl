# Ce qui est recommandé et pourquoi, puis les prochains pas.

recommended-for-talent = On y cherche un talent que vous proposez : { $talent }.
recommended-for-skill-completed = C’est celui qui vous manque pour la compétence « { ledger-skill } ».
recommended-for-new-organizer = Vous n’avez encore rien fait avec cet organisateur : il compte pour votre compétence « { ledger-skill } », qui en demande plusieurs.
recommended-towards-skill = Après celui-ci, il { $lacking ->
    [organizer] ne vous manquera plus qu’un événement d’un autre organisateur
   *[contributions] { $missing ->
        [one] ne vous manquera plus qu’une participation
       *[other] vous manquera encore { $missing } participations
      }
  } pour la compétence « { ledger-skill } ».
recommended-for-skill-held = Votre compétence « { ledger-skill } » compte ici : { ledger-points } au lieu de { $base }.
recommended-for-expertise = { $many ->
    [one] Vous avez déjà participé une fois sur ce thème : « { ledger-skill } ».
   *[other] Vous avez déjà participé { $many } fois sur ce thème : « { ledger-skill } ».
  }
recommended-at-home = C’est dans votre territoire{ $where ->
    [city] {" "}({ $city }).
   *[somewhere] .
  }
recommended-online = C’est en ligne : vous pouvez en être d’où que vous soyez.
recommended-soon = C’est bientôt : { DAY($day) }.
recommended-for-points = Il rapporte { ledger-points }.

# Les prochains pas. $about vaut « nothing » quand aucun événement n’est nommé.

coaching-coming = « { $event } » : c’est { DAY($day) }. Le code s’affiche sur place ; si vous ne pouvez plus venir, annulez pour libérer la place.
coaching-first = { $about ->
    [nothing] Rien n’est annoncé pour l’instant que vous puissiez rejoindre : ce guide dit où chercher.
   *[event] Pour commencer : { coaching-invitation }. Cette première participation rapporte { ledger-points }{ $brings ->
        [level] {" "}et mène au niveau { $level }
       *[points] {""}
      }.
  }
coaching-level = { $missing ->
    [one] Encore { $missing } point
   *[other] Encore { $missing } points
  } jusqu’au { $rank ->
    [same] niveau { $level }
   *[other] rang « { coaching-rank } »
  } : { coaching-invitation }, { $brings ->
    [all] en rapporte { $points }
   *[some] en rapporte déjà { $points }
  }.
coaching-skill = { $many ->
    [one] Encore une participation
   *[other] Encore { $many } participations
  } sur le thème « { ledger-skill } »{ $organizers ->
    [0] {""}
   *[other] { $many ->
        [one] {" "}chez un autre organisateur
       *[other] , dont une au moins chez un autre organisateur
      }
  }, et votre compétence { $raised ->
    [twice] doublera
   *[more] multipliera par { $skillFactor }
  } les suivantes.{ $about ->
    [nothing] {""}
   *[event] {" "}Par exemple { coaching-invitation }.
  }
coaching-skill-held = Votre compétence « { ledger-skill } » compte pour { coaching-invitation } : { ledger-points } au lieu de { $base }.
coaching-feedback = Vous étiez à « { $event } » : dites en deux phrases ce qui a marché, et ce qui pourrait être mieux.{ $others ->
    [0] {""}
    [one] {" "}Un autre événement attend aussi votre avis.
   *[other] {" "}{ $others } autres événements attendent aussi votre avis.
  }
coaching-outcome = « { $event } » est terminé : { $people ->
    [one] la personne qui était là attend
   *[other] les { $people } personnes qui étaient là attendent
  } de savoir ce qu’il en est sorti.
coaching-verify-email = Confirmez votre adresse e-mail : sans elle, vos participations comptent pour vous, mais pas pour celles et ceux qui organisent.
coaching-say-where = Dites dans quel territoire vous vivez : ce qui s’y passe vous sera proposé d’abord.
coaching-offer-talents = { $many ->
    [one] Un événement à venir cherche
   *[other] { $many } événements à venir cherchent
  } des talents : indiquez les vôtres sur votre profil.
coaching-say-who = Présentez-vous en une phrase sur votre profil : qui organise aime savoir qui vient.
coaching-speak-up = Une décision publique se discute : { coaching-invitation }. Deux minutes de parole se préparent.
coaching-organize = Vous avez participé { $many } fois : vous savez ce qui fait un bon événement. Proposez le vôtre.
coaching-unlisted = { $many ->
    [one] Une de vos participations ne s’affiche pas : elle compte
   *[other] { $many } de vos participations ne s’affichent pas : elles comptent
  } tout de même, et vous pouvez à tout moment en décider autrement.

coaching-invitation = « { $event } », { DAY($day) }{ $where ->
    [online] , en ligne
    [city] {" "}({ $city })
   *[somewhere] {""}
  }
coaching-rank = { $rank ->
    [NEWCOMER] { rank-newcomer }
    [ENGAGED] { rank-engaged }
    [CONFIRMED] { rank-confirmed }
    [SEASONED] { rank-seasoned }
    [LEADING] { rank-leading }
   *[INFLUENTIAL] { rank-influential }
  }
