# Les courriels : ceux du compte, et ce qu’ils ont tous en commun.

mail-greeting = Bonjour { $name },
mail-link = Si le bouton ne s’ouvre pas, copiez cette adresse dans votre navigateur :
mail-see-event = Voir l’évènement
mail-see-notifications = Voir mes notifications
mail-why-announced = Vous recevez ce courriel car vos réglages demandent les notifications par courriel. Vous pouvez changer d’avis ici :
mail-why-account = Ce courriel concerne votre compte Influents. Ne le transférez à personne.
mail-signature = Influents, le réseau de celles et ceux qui s’engagent

mail-verify-email-subject = Confirmez votre adresse
mail-verify-email-text = Pour confirmer que cette adresse est bien la vôtre, ouvrez ce lien. Si vous n’avez pas de compte Influents, ne faites rien : quelqu’un s’est sans doute trompé d’adresse.
mail-verify-email-action = Confirmer mon adresse

mail-change-email-subject = Confirmez votre nouvelle adresse
mail-change-email-text = Vous avez demandé à utiliser désormais cette adresse. Pour la confirmer, ouvrez ce lien ; d’ici là, l’ancienne reste valable. Si vous n’avez rien demandé, ne faites rien.
mail-change-email-action = Confirmer ma nouvelle adresse

mail-reset-password-subject = Choisissez un nouveau mot de passe
mail-reset-password-text = Quelqu’un, vous sans doute, a demandé un nouveau mot de passe pour ce compte. Pour le choisir, ouvrez ce lien. Si vous n’avez rien demandé, ne faites rien : votre mot de passe ne change pas.
mail-reset-password-action = Choisir un mot de passe

mail-email-taken-subject = Cette adresse a déjà un compte
mail-email-taken-text = Quelqu’un, vous peut-être, a voulu rattacher cette adresse à un autre compte. Elle appartient déjà à celui-ci : rien n’a changé. Si ce n’était pas vous, vous n’avez rien à faire.
mail-email-taken-action = Voir mes réglages

mail-identity-linked-subject = Une autre identité ouvre votre compte
mail-identity-linked-text = Une identité d’un autre service vient d’être rattachée à votre compte : on peut désormais y entrer avec elle. Si ce n’était pas vous, détachez-la dans vos réglages et changez de mot de passe.
mail-identity-linked-action = Voir mes réglages
