# Erreurs qu’un programme peut corriger, ou qui passeront.

error-unauthenticated = Connectez-vous d’abord : il faut un jeton d’accès valable.
error-sign-in-again = Cela demande une connexion de moins de dix minutes : connectez-vous à nouveau, puis réessayez.
error-forbidden = Vous n’avez pas le droit de faire cela.
error-bad-id = Cet identifiant n’est pas de ceux que donne Influents.
error-bad-cursor = Ce curseur n’est pas de ceux que donne cette liste.
error-too-many-ids = { $maximum } identifiants au plus.
error-page-size = « first » et « last » vont de 1 à { $maximum }.
error-first-and-last = Demandez « first » ou « last », pas les deux.
error-bad-position = Une position a une latitude de -90 à 90 et une longitude de -180 à 180, un rayon se situe entre 0 et { $kilometres } km, et le sud d’un rectangle n’est pas plus au nord que son nord.
error-nothing-to-order-by = L’ordre { $order } suit le champ « { $field } » du filtre : indiquez-le.
error-too-many-buckets = Une chronologie a { $maximum } périodes au plus : choisissez un intervalle plus long ou une durée plus courte.
error-bad-window = On regarde un an en arrière au plus, et jamais en avant.
error-bad-representation = Cette représentation ne désigne rien de ce que connaît Influents.
error-too-complex-depth = Les champs de cette requête s’emboîtent sur { $found } niveaux ; la limite est de { $limit }.
error-too-complex-aliases = Cette requête renomme { $found } champs ; la limite est de { $limit }.
error-too-complex-directives = Cette requête emploie { $found } directives ; la limite est de { $limit }.
error-too-complex-tokens = Cette requête compte plus de { $limit } mots et signes, ce qui est la limite.
error-too-complex-operations = Ce document contient { $found } opérations ; la limite est de { $limit }.
error-too-complex-cost = Cette requête coûte { $found } ; la limite est de { $limit }. Demandez moins d’éléments, ou moins de chacun.
error-too-complex-nodes = Cette requête peut donner { $found } objets ; la limite est de { $limit }.
error-too-complex-comparisons = Cette requête répète tant de champs qu’ils ne peuvent être comparés en { $limit } étapes, ce qui est la limite.
error-too-complex-introspection-depth = Cette requête demande le schéma sur { $found } niveaux ; la limite est de { $limit }.
error-too-complex-introspection-nodes = Cette requête peut donner { $found } parties du schéma ; la limite est de { $limit }.
error-search-too-long = Une recherche compte { $limit } caractères au plus.
error-too-many-items = Une liste contient { $found } éléments ; la limite est de { $limit }.
error-introspection-closed = Le schéma n’est pas communiqué ici : l’introspection est fermée.
error-service-unavailable = Le service est momentanément indisponible. Réessayez dans un instant.
error-internal = Une erreur inattendue s’est produite. Si elle se répète, signalez-la avec ce numéro : { $id }.
error-rate-limited = Trop d’essais : réessayez dans { $seconds ->
    [one] { $seconds } seconde
   *[other] { $seconds } secondes
  }.
