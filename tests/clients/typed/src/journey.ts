// A front end's journey in typed documents: sign up, find an event, register, page through a profile.
import { Influents, Refused } from './ask.ts';
import { graphql, useFragment } from './gql/index.ts';
import type { EventAction } from './gql/graphql.ts';

const EventCard = graphql(`
  fragment EventCard on Event {
    id
    slug
    title
    startsAt
    points
    remainingSeats
    themes {
      code
      label
    }
    organizer {
      __typename
      id
      name
      ... on Citizen {
        handle
      }
      ... on Organization {
        slug
        verified
      }
    }
    viewerActions
  }
`);

const Events = graphql(`
  query Events($filter: EventFilter, $first: Int, $after: String) {
    events(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          ...EventCard
        }
      }
    }
  }
`);

const SignUp = graphql(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) {
      session {
        accessToken
        expiresAt
        viewer {
          visibility
          citizen {
            handle
          }
        }
      }
      errors {
        code
        field
        message
      }
    }
  }
`);

const Charter = graphql(`
  query Charter {
    charter {
      version
    }
  }
`);

const Register = graphql(`
  mutation Register($event: ID!) {
    register(input: { event: $event }) {
      participation {
        status
        event {
          registeredCount
        }
      }
      errors {
        code
        message
      }
    }
  }
`);

const Profile = graphql(`
  query Profile($handle: String!) {
    citizen(handle: $handle) {
      handle
      influence {
        level
        rank {
          code
          label
        }
        progress
        pointsToNextLevel
      }
      ledger(first: 5) {
        edges {
          node {
            kind
            points
            explanation
          }
        }
      }
    }
  }
`);

const Nobody = graphql(`
  query Nobody($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`);

function may(action: EventAction, actions: readonly EventAction[]): boolean {
  return actions.includes(action);
}

async function journey(address: string): Promise<unknown> {
  const stranger = new Influents(address);
  const { charter } = await stranger.ask(Charter);
  const input = {
    handle: 'typed-in-nantes',
    email: 'typed@example.org',
    password: 'a long sentence of your own',
    charterVersion: charter.version,
    atLeastFifteen: true,
  };
  const { signUp } = await stranger.ask(SignUp, { input });
  const session = signUp?.session;
  if (!session) throw new Error(signUp?.errors.map((each) => each.message).join(' ') ?? 'no payload');
  const me = stranger.signedInWith(session.accessToken);

  const again = await stranger.ask(SignUp, { input });
  const titles: string[] = [];
  let after: string | null = null;
  let first: { id: string; register: boolean } | undefined;
  do {
    const { events }: Awaited<ReturnType<typeof page>> = await page(me, after);
    for (const edge of events.edges) {
      const card = useFragment(EventCard, edge.node);
      first ??= { id: card.id, register: may('REGISTER', card.viewerActions) };
      titles.push(`${card.title} (${card.organizer?.__typename === 'Organization' ? card.organizer.slug : '?'})`);
    }
    after = events.pageInfo.hasNextPage ? (events.pageInfo.endCursor ?? null) : null;
  } while (after !== null);

  if (!first?.register) throw new Error('nothing to register for');
  const { register } = await me.ask(Register, { event: first.id });
  const { citizen } = await me.ask(Profile, { handle: session.viewer.citizen.handle });
  const refused = await me.ask(Nobody, { id: 'of another world' }).catch((error: unknown) => error);
  return {
    titles,
    taken: again.signUp?.errors.map((each) => [each.code, each.field]),
    registered: register?.participation?.status,
    count: register?.participation?.event.registeredCount,
    level: citizen?.influence.level,
    rank: citizen?.influence.rank.label,
    refused: refused instanceof Refused ? refused.errors.map((each) => each.extensions.code) : String(refused),
  };
}

function page(who: Influents, after: string | null) {
  return who.ask(Events, { filter: { statuses: ['PUBLISHED'] }, first: 2, after });
}

declare const process: { argv: string[] };
console.log(JSON.stringify(await journey(process.argv[2] ?? '')));
