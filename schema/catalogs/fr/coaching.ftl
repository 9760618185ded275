# Ce qui est recommandé, et pourquoi.

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
   *[other] Vous avez déjà participé { $many } fois sur ce thème : « { ledger-skill } ».
  }
recommended-at-home = C’est dans votre territoire{ $where ->
    [city] , à { $city }.
   *[somewhere] .
  }
recommended-online = C’est en ligne : vous pouvez en être d’où que vous soyez.
recommended-soon = C’est bientôt : { DAY($day) }.
recommended-for-points = Il rapporte { ledger-points }.
