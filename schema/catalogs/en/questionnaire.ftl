# The questionnaire before any sign-up. The codes are those of domain/questionnaire.py.

question-age = Are you 18 or over?
    .help = That is often when the first civic rights come. You can get involved well before: every level is open to you.
choice-age-under-18 = Not yet
choice-age-adult = Yes

question-vote = Did you vote in the last election?
    .help = Any election will do, and a blank vote counts too. If you were too young or had no right to vote, choose the first answer.
choice-vote-no = No, or it didn’t concern me
choice-vote-yes = Yes

question-office = Have you ever held an elected office?
    .help = Now or in the past. We ask neither which one, nor under which label.
choice-office-none = No, or it doesn’t concern me
choice-office-representative = Yes, to represent the people around me: at school, at work, on a youth council…
choice-office-public = Yes, a public office, local or national

question-associations = What place do associations have in your life?
    .help = An association, a club, a collective, a neighbourhood committee… Anything you do as a volunteer counts.
choice-associations-none = None for now
choice-associations-member = I am a member of one
choice-associations-helping = I lend a hand now and then
choice-associations-regular = I give my time regularly
choice-associations-leading = I take on responsibilities

question-association-kind = Which field do your associations work in?
    .help = No field counts more than another. If yours isn’t listed, choose “Another field”; you needn’t say which.
choice-association-kind-none = None: I am not a member of any association
choice-association-kind-culture = Culture, sport or leisure
choice-association-kind-neighbourhood = Neighbourhood, village or school life
choice-association-kind-charity = Solidarity, mutual aid or health
choice-association-kind-other = Another field
choice-association-kind-several = Several fields

question-activism = Do you stand up for a cause?
    .help = Signing a petition, demonstrating, campaigning with a collective, a union or a party… We don’t ask for which cause: none counts more than another.
choice-activism-never = No, or not for now
choice-activism-sometimes = Yes, on occasion
choice-activism-regularly = Yes, regularly

question-meetings = Do you take part in public meetings?
    .help = A town council, a neighbourhood council, a debate, a consultation… on the spot or online.
choice-meetings-never = Never so far
choice-meetings-once = I have done so before
choice-meetings-yearly = Once or twice a year
choice-meetings-often = More than twice a year
choice-meetings-contributing = Often, and I speak up or help prepare them

question-projects = Do you take part in local projects?
    .help = A shared garden, participatory budgeting, a street party, a repair café, a collaborative map…
choice-projects-none = Not for now
choice-projects-following = I keep up with one of them
choice-projects-helping = I lend a hand now and then
choice-projects-regular = I contribute regularly
choice-projects-leading = I have started one, or I run one

question-expression = Do you talk about public matters on social networks?
    .help = Sharing local news, responding to a decision, giving your opinion… What you say there makes no difference to the result.
choice-expression-never = No, or I am not on them
choice-expression-sometimes = Yes, now and then
choice-expression-regularly = Yes, regularly

## What is wrong with the answers. $question is the code of a question; the answer given is never repeated.

prompt-of-question = { $question ->
    [age] “{ question-age }”
    [vote] “{ question-vote }”
    [office] “{ question-office }”
    [associations] “{ question-associations }”
    [association-kind] “{ question-association-kind }”
    [activism] “{ question-activism }”
    [meetings] “{ question-meetings }”
    [projects] “{ question-projects }”
    [expression] “{ question-expression }”
   *[other] “{ $question }”
}
refusal-unknown-question = This question isn’t part of the questionnaire.
refusal-unknown-choice = This answer is not among those to the question { prompt-of-question }.
refusal-question-answered-twice = There are several answers to the question { prompt-of-question }: keep only one.
refusal-question-unanswered = An answer is missing to the question { prompt-of-question }.
