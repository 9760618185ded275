// A list that is paged backwards too, and a mutation with its payload's errors.
import { graphql } from 'relay-runtime';

export const events = graphql`
  query LineQuery($filter: EventFilter, $count: Int!, $before: String) {
    events(filter: $filter, last: $count, before: $before) {
      edges {
        cursor
        node {
          id
          ...Line_event
        }
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
`;

export const event = graphql`
  fragment Line_event on Event {
    title
    startsAt
    viewerParticipation {
      status
      waitlistPosition
    }
  }
`;

export const register = graphql`
  mutation LineRegisterMutation($event: ID!) {
    register(input: { event: $event }) {
      participation {
        id
        status
        event {
          ...Line_event
        }
      }
      errors {
        code
        field
        message
      }
    }
  }
`;
