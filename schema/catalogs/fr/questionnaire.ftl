# Le questionnaire d’avant l’inscription. Les codes sont ceux de domain/questionnaire.py.

question-age = Avez-vous 18 ans ou plus ?
    .help = C’est souvent l’âge des premiers droits civiques. On peut s’engager bien avant : tous les niveaux vous sont ouverts.
choice-age-under-18 = Pas encore
choice-age-adult = Oui

question-vote = Avez-vous voté à la dernière élection ?
    .help = Peu importe laquelle, et un vote blanc compte aussi. Si vous n’aviez pas l’âge ou le droit de voter, choisissez la première réponse.
choice-vote-no = Non, ou cela ne me concernait pas
choice-vote-yes = Oui

question-office = Avez-vous déjà exercé un mandat électif ?
    .help = Aujourd’hui ou par le passé. Nous ne demandons ni lequel, ni sous quelle étiquette.
choice-office-none = Non, ou cela ne me concerne pas
choice-office-representative = Oui, pour représenter les gens qui m’entourent : à l’école, au travail, dans un conseil de jeunes…
choice-office-public = Oui, un mandat public, local ou national

question-associations = Quelle place tiennent les associations dans votre vie ?
    .help = Association, club, collectif, comité de quartier… Tout engagement bénévole compte.
choice-associations-none = Aucune pour le moment
choice-associations-member = J’adhère à l’une d’elles
choice-associations-helping = J’y donne un coup de main de temps en temps
choice-associations-regular = J’y donne du temps régulièrement
choice-associations-leading = J’y prends des responsabilités

question-association-kind = À quel domaine se rattachent vos associations ?
    .help = Aucun domaine ne compte plus qu’un autre. Si le vôtre n’est pas dans la liste, choisissez « Un autre domaine », sans avoir à préciser.
choice-association-kind-none = À aucun : je ne suis membre d’aucune association
choice-association-kind-culture = Culture, sport ou loisirs
choice-association-kind-neighbourhood = Vie de quartier, de village ou d’école
choice-association-kind-charity = Solidarité, entraide ou santé
choice-association-kind-other = Un autre domaine
choice-association-kind-several = Plusieurs domaines

question-activism = Vous mobilisez-vous pour une cause ?
    .help = Signer une pétition, manifester, militer dans un collectif, un syndicat ou un parti… Nous ne demandons pas quelle cause : aucune ne compte plus qu’une autre.
choice-activism-never = Non, ou pas pour le moment
choice-activism-sometimes = Oui, à l’occasion
choice-activism-regularly = Oui, régulièrement

question-meetings = Participez-vous à des réunions publiques ?
    .help = Conseil municipal, conseil de quartier, débat, concertation… sur place ou en ligne.
choice-meetings-never = Jamais pour le moment
choice-meetings-once = Cela m’est arrivé
choice-meetings-yearly = Une ou deux fois par an
choice-meetings-often = Plus de deux fois par an
choice-meetings-contributing = Souvent, et j’y prends la parole ou j’aide à les préparer

question-projects = Prenez-vous part à des projets locaux ?
    .help = Jardin partagé, budget participatif, fête de quartier, atelier de réparation, carte collaborative…
choice-projects-none = Pas pour le moment
choice-projects-following = Je me tiens au courant de l’un d’eux
choice-projects-helping = J’y donne un coup de main de temps en temps
choice-projects-regular = J’y contribue régulièrement
choice-projects-leading = J’en ai lancé un, ou j’en anime un

question-expression = Parlez-vous de la vie publique sur les réseaux sociaux ?
    .help = Partager une information locale, réagir à une décision, donner son avis… Ce que vous y dites ne change rien au résultat.
choice-expression-never = Non, ou je n’y suis pas
choice-expression-sometimes = Oui, de temps en temps
choice-expression-regularly = Oui, régulièrement

## Ce qui ne va pas dans les réponses. $question est le code d’une question ; la réponse donnée n’est jamais répétée.

prompt-of-question = { $question ->
    [age] « { question-age } »
    [vote] « { question-vote } »
    [office] « { question-office } »
    [associations] « { question-associations } »
    [association-kind] « { question-association-kind } »
    [activism] « { question-activism } »
    [meetings] « { question-meetings } »
    [projects] « { question-projects } »
    [expression] « { question-expression } »
   *[other] « { $question } »
}
refusal-unknown-question = Cette question ne fait pas partie du questionnaire.
refusal-unknown-choice = Cette réponse n’est pas de celles que propose la question { prompt-of-question }.
refusal-question-answered-twice = Il y a plusieurs réponses à la question { prompt-of-question } : n’en gardez qu’une.
refusal-question-unanswered = Il manque une réponse à la question { prompt-of-question }.
