// Relay's own conventions: a refetchable fragment over `node`, pages in both directions, a mutation that updates a list.
import { graphql } from 'relay-runtime';

export const profile = graphql`
  query ProfileQuery($handle: String!) {
    citizen(handle: $handle) {
      ...Profile_citizen
      ...Profile_history
    }
  }
`;

export const citizen = graphql`
  fragment Profile_citizen on Citizen @refetchable(queryName: "ProfileRefetchQuery") {
    id
    name
    influence {
      level
      rank {
        code
        label
      }
    }
    ...Profile_organizer
  }
`;

export const organizer = graphql`
  fragment Profile_organizer on Organizer {
    __typename
    name
    kind
  }
`;

export const history = graphql`
  fragment Profile_history on Citizen
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "ProfileHistoryPaginationQuery") {
    participations(first: $count, after: $cursor) @connection(key: "Profile_participations") {
      edges {
        node {
          id
          pointsAwarded
          event {
            title
          }
        }
      }
    }
  }
`;
