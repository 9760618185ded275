"""What the crowd of the demo town is called and says of itself. Any resemblance to a person is chance."""

FIRST_NAMES = tuple(
    """
    Adama Adèle Agathe Aïcha Alban Aliénor Amadou Amina Anaïs Anh Antonin Apolline Armelle Arsène Aurélie Awa Baptiste
    Basile Bérénice Bilal Blandine Brieuc Camille Capucine Cécile Chiara Clémence Clotilde Corentin Cyprien Dalila
    Denis Diane Dimitri Djibril Donatien Edwige Elif Élise Eloi Emre Enora Estelle Esteban Fabrice Fanta Farid Fatou
    Félix Flora Gaël Garance Gaspard Goulven Hassan Hawa Honorine Hugo Ibtissam Inès Iris Ismaël Jeanne Joris Josefa
    Judith Kadiatou Karim Kévin Khadija Kiên Lamia Lancelot Leïla Léon Leonor Liam Lila Loïc Louison Ludivine Lukas
    Madeleine Mahaut Malik Malo Manon Mariam Marius Mathilde Maxence Mehdi Mélanie Mila Mireille Morgane Moussa Myriam
    Nadia Nassim Nicolas Nina Noémie Nolwenn Nour Octave Odile Olivia Omar Oriane Ousmane Paloma Pascale Perrine
    Philippine Quentin Rachid Ravi Régis Roxane Ruben Sabrina Samira Sarah Séverine Siméon Sofiane Solène Suzanne
    Tanguy Tao Théophile Thi-Mai Tiphaine Titouan Ulysse Valentine Victoire Wassim Xavier Yacine Yasmine Younes Zoé
    """.split()  # noqa: SIM905 - names to be read, not a column of 180 lines
)

FAMILY_NAMES = tuple(
    """
    Abdallah Allain Aubinière Auffray Baaziz Babin Bachelier Barbosa Belkacem Bertin-Roy Biret Bodin Bourcier
    Bretaudeau Brosseau Camara Cassegrain Chauvelon Cormerais Coulibaly Couëron Crespel Dabo Delaunay Demirel Diabaté
    Douillard Drouet Dupré El-Amrani Ergin Fofana Fonteneau Fourage Gautreau Gicquel Gourmelon Grasset Guérizec Guihard
    Haddad Hamon Hervouet Houssais Jamin Jaunasse Kaya Keita Kerguelen Kowalczyk Lacaze Lagarde Lainé Lebreton-Diaz
    Lecomte Legoff Levasseur Lopes Luneau Macé Mahé Maisonneuve Marchetti Mbaye Melki Menoret Mérand Moisan Monnier
    Nguyen-Petit Nicolleau Ouédraogo Paquereau Pelé Perraud Petrosyan Phan Pineau Poirier Quélennec Rabiller Rahmani
    Ramos Rialland Rousselot Sagna Saïdi Salaün Sanogo Sarkissian Savary Sorin Tessier Thébaud Tran Traoré Trichet
    Vigneron Vinet Vrignaud Yıldız Zerrouki Zielinski
    """.split()  # noqa: SIM905
)

NICKNAMES = tuple(
    """
    ajonc-dore alouette-lulu anse-rouge aubepine bac-de-loire baleine-grise barque-verte beurre-sale biniou-fou
    bise-du-large bruyere cale-seche cap-au-vent carnet-bleu cerf-volant chat-de-quai chemin-creux cigale-d-ouest
    cinq-heures clair-de-noue colvert coquelicot44 courlis dahlia-noir digue-ouest ecluse-6 ecureuil-roux estuaire
    fanal-vert feuille-de-route figuier fougere-lente galerne genet-fleuri goeland-rieur grain-de-sel grand-heron
    gue-aux-biches hirondelle-du-pont jonquille kiwi-volant la-marmite lanterne-rouge le-passeur libellule lichen
    longue-vue loutre-discrete luciole-44 maree-haute martin-pecheur merle-moqueur mille-pas mistigri muscadet-frais
    noisetier nuage-bas ortie-douce ours-de-poche papier-plume passe-muraille petit-lu pied-de-nez pinson-du-nord
    pluie-fine poire-belle-angevine pont-transbordeur radis-noir rainette robinson rue-kervegan sarment sel-gris
    sentinelle sillage tilleul-3 tournesol44 traverse-est tricot-urbain vent-portant vive-le-tram volubile zebre-mauve
    """.split()  # noqa: SIM905
)

BIOS = (
    "J’étudie la géographie et je cherche où donner un coup de main le week-end.",
    "À Nantes depuis peu, à pied le plus souvent, et d’humeur bavarde.",
    "Trente ans à l’hôpital : maintenant, j’ai du temps et de l’énergie à partager.",
    "Je fais du pain, du vélo et des procès-verbaux de conseil de quartier.",
    "Première fois que je m’engage quelque part : on verra bien !",
    "Parent d’élèves, donc spécialiste des trottoirs.",
    "J’aime les réunions courtes et les décisions écrites.",
    "Je code la semaine et je jardine le dimanche.",
    "Ici pour apprendre comment tout cela marche.",
    "J’ai travaillé au chantier naval. Il m’en reste des souvenirs et un bon tournevis.",
    "J’apprends la menuiserie, et tout ce qui se construit à plusieurs m’intéresse.",
    "Je traduis, j’accompagne, je remplis des formulaires avec qui en a besoin.",
    "New in Nantes, learning French by taking part.",
    "À la bibliothèque, je prête des livres ; ailleurs, je prête mes idées.",
    "Le bus 23 et moi, c’est une longue histoire.",
    "J’élève des vaches au nord du département, et je descends en ville pour débattre.",
)

TALENTS = (
    "animation d’ateliers",
    "comptabilité",
    "couture",
    "cuisine collective",
    "design graphique",
    "développement web",
    "droit public",
    "éclairage de scène",
    "illustration",
    "interprétation anglais-français",
    "interprétation arabe-français",
    "jardinage",
    "langue des signes",
    "mécanique vélo",
    "médiation",
    "menuiserie",
    "montage vidéo",
    "photographie",
    "premiers secours",
    "recherche de financements",
    "rédaction",
    "statistiques",
    "transcription",
    "urbanisme",
)
