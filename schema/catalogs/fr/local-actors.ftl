# Acteurs locaux

refusal-not-a-watcher = Seules les organisations vérifiées cherchent des personnes, les groupes politiques jamais.
refusal-not-found-by-you = Votre organisation n’a trouvé personne de tel depuis un an.
refusal-invited-already = Cette personne y a déjà été invitée.
refusal-not-yours-to-invite-to = Une organisation invite à ses propres événements.
refusal-nothing-to-go-to = L’événement n’est ouvert à personne.
refusal-no-such-invitation = Il n’y a pas de telle invitation.
refusal-unknown-watch = Il n’y a pas de telle veille.
refusal-too-many-watches = Une organisation a { $maximum } veilles au plus.
