# Attestations : ce qu’elles disent en mots.

badge-description = A participé à « { $title } ».
badge-criteria = Être là : la présence s’établit sur place, ou par les organisateurs.
badge-duration = Durée
badge-theme = Thème
badge-evidence-check-in-code = A entré le code affiché sur place.
badge-evidence-organizer = Un organisateur a confirmé sa présence.
badge-evidence-partner = Le système de l’organisateur a confirmé sa présence.
