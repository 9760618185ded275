// Reads what is on in a territory, and, with an access token, registers for the first of it. Prints what came of it.
import { change, read } from './ask.ts';
import { graphql } from './gql/gql.ts';

const WhatIsOn = graphql(`
  query WhatIsOn($territory: TerritoryCode!) {
    events(filter: { territory: $territory, statuses: [PUBLISHED] }, first: 5) {
      edges {
        node {
          id
          title
          startsAt
        }
      }
    }
  }
`);

const Register = graphql(`
  mutation Register($event: ID!) {
    register(input: { event: $event }) {
      participation {
        status
      }
      errors {
        message
      }
    }
  }
`);

const [address = 'http://127.0.0.1:8000/graphql', token] = (globalThis as unknown as { process: { argv: string[] } })
  .process.argv.slice(2);

const { events } = await read(address, WhatIsOn, { territory: 'FR-44' });
const on = events.edges.map((edge) => edge.node);
const first = on[0];
const registered =
  token && first ? await change(address, Register, { event: first.id }, { token }) : { register: null };
console.log(JSON.stringify({ on: on.map((event) => event.title), registered: registered.register }));
