# Les notifications : une phrase pour chacune, et l’objet du courriel qui la porte.
# $about vaut « nothing » quand l’évènement n’est plus visible, $by « nobody » quand l’organisation n’est pas connue.

refusal-unknown-notification = Cette notification n’existe pas, ou n’est pas à vous.

notification-event-changed = { $about ->
    [nothing] Un évènement auquel vous participez a changé.
   *[event] « { $event } » a changé : vérifiez la date, le lieu et le programme.
  }
subject-event-changed = { $about ->
    [nothing] Un évènement a changé
   *[event] Changement : { $event }
  }

notification-event-cancelled = { $about ->
    [nothing] Un évènement auquel vous deviez participer est annulé.
   *[event] « { $event } » est annulé. La raison est donnée sur sa page.
  }
subject-event-cancelled = { $about ->
    [nothing] Un évènement est annulé
   *[event] Annulé : { $event }
  }

notification-seat-freed = { $about ->
    [nothing] Une place s’est libérée : elle est à vous.
   *[event] Une place s’est libérée pour « { $event } » : elle est à vous. Si vous ne pouvez plus venir, annulez votre inscription pour la laisser à d’autres.
  }
subject-seat-freed = { $about ->
    [nothing] Une place s’est libérée pour vous
   *[event] Une place pour vous : { $event }
  }

notification-attendance-confirmed = { $about ->
    [nothing] Votre participation est confirmée.
   *[event] Votre participation à « { $event } » est confirmée.
  }{ $points ->
    [0] {""}
    [one] {" "}Elle vous rapporte { $points } point.
   *[other] {" "}Elle vous rapporte { $points } points.
  }
subject-attendance-confirmed = { $about ->
    [nothing] Votre participation est confirmée
   *[event] Participation confirmée : { $event }
  }

notification-level-reached = Vous voilà au niveau { $level } !
subject-level-reached = Vous voilà au niveau { $level }

notification-skill-gained = Vous avez acquis une compétence : « { ledger-skill } ». Sur ce thème, vos prochaines participations compteront davantage.
subject-skill-gained = Une compétence acquise : { ledger-skill }

notification-feedback-received = { $about ->
    [nothing] Un évènement que vous organisez a reçu un avis.
   *[event] « { $event } » a reçu un avis.
  }
subject-feedback-received = { $about ->
    [nothing] Un avis sur votre évènement
   *[event] Un avis sur votre évènement : { $event }
  }

notification-outcome-published = { $about ->
    [nothing] Les suites d’un évènement auquel vous avez participé sont publiées.
   *[event] Les suites de « { $event } » sont publiées : lisez ce qui en est ressorti et ce qui a été décidé.
  }
subject-outcome-published = { $about ->
    [nothing] Les suites d’un évènement
   *[event] Les suites : { $event }
  }

notification-event-reviewed = { $decision ->
    [REJECT] { $about ->
        [nothing] L’évènement que vous avez proposé n’a pas été publié.
       *[event] « { $event } » n’a pas été publié. La raison est donnée sur sa page : corrigez-le, puis soumettez-le à nouveau.
      }
   *[PUBLISH] { $about ->
        [nothing] L’évènement que vous avez proposé est publié.
       *[event] « { $event } » est publié : on peut s’y inscrire.
      }
  }
subject-event-reviewed = { $decision ->
    [REJECT] { $about ->
        [nothing] Votre évènement n’a pas été publié
       *[event] À corriger : { $event }
      }
   *[PUBLISH] { $about ->
        [nothing] Votre évènement est publié
       *[event] Publié : { $event }
      }
  }

notification-invitation = { $about ->
    [nothing] { inviting-organization } vous invite à devenir membre.
   *[event] { inviting-organization } vous invite à « { $event } ».
  }
subject-invitation = { $about ->
    [nothing] { inviting-organization } vous invite à devenir membre
   *[event] { inviting-organization } vous invite : { $event }
  }
inviting-organization = { $by ->
    [nobody] Une organisation
   *[organization] { $organization }
  }

notification-watch = Quelqu’un de nouveau s’engage là où { watching-organization } veille.
subject-watch = Quelqu’un de nouveau là où { watching-organization } veille
watching-organization = { $by ->
    [nobody] l’une de vos organisations
   *[organization] { $organization }
  }

notification-webhook-disabled = Un webhook { webhook-organization } ne répond plus : il est désactivé. Ce qui attend part dès qu’un de ses propriétaires le réactive.
subject-webhook-disabled = Un webhook { webhook-organization } est désactivé
webhook-organization = { $by ->
    [nobody] d’une de vos organisations
   *[organization] de { $organization }
  }
