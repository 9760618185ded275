// The tabs that a first visit opens: the journey, from the questionnaire to a public profile.
import questionnaire from "./operations/1-questionnaire.graphql";
import evaluateInfluence from "./operations/2-evaluate-influence.graphql";
import answers from "./operations/2-evaluate-influence.json" with { type: "text" };
import signUp from "./operations/3-sign-up.graphql";
import newcomer from "./operations/3-sign-up.json" with { type: "text" };
import signIn from "./operations/4-sign-in.graphql";
import member from "./operations/4-sign-in.json" with { type: "text" };
import events from "./operations/5-events.graphql";
import search from "./operations/5-events.json" with { type: "text" };
import register from "./operations/6-register.graphql";
import seat from "./operations/6-register.json" with { type: "text" };
import citizen from "./operations/7-citizen.graphql";
import profile from "./operations/7-citizen.json" with { type: "text" };
import entities from "./operations/8-entities.graphql";
import keys from "./operations/8-entities.json" with { type: "text" };
import watch from "./operations/9-watch.graphql";
import watched from "./operations/9-watch.json" with { type: "text" };

const tab = (query, variables) => ({ query: query.trimEnd(), variables: variables?.trimEnd() });

export const examples = [
  tab(questionnaire),
  tab(evaluateInfluence, answers),
  tab(signUp, newcomer),
  tab(signIn, member),
  tab(events, search),
  tab(register, seat),
  tab(citizen, profile),
  tab(entities, keys),
  tab(watch, watched),
];
