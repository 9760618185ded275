// The part of the service's schema that is asked for, by its own names: yoga and mercurius take the same documents.
import { GraphQLError, GraphQLScalarType } from 'graphql'

import { cursorOf, influence } from './data.mjs'
import { checkIn, register } from './taking-part.mjs'

export const typeDefs = /* GraphQL */ `
  scalar _Any
  scalar Date
  scalar DateTime
  union _Entity = Citizen
  type Query {
    citizen(handle: String!): Citizen
    events(filter: EventFilter, first: Int = 20): EventConnection!
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type Mutation {
    register(input: RegisterInput!): ParticipationPayload
    checkIn(input: CheckInInput!): ParticipationPayload
  }
  input EventFilter { startsAfter: DateTime }
  input RegisterInput { event: ID! }
  input CheckInInput { event: ID! code: String! }
  type Citizen {
    handle: String!
    name: String!
    bio: String
    memberSince: Date!
    influence: Influence!
    skills: [Skill!]!
    participations(first: Int = 20): ParticipationConnection!
  }
  type Influence { level: Int! points: Int! rank: Rank! }
  type Rank { label: String! }
  type Skill { theme: Theme! }
  type Theme { code: String! label: String! }
  type Organizer { name: String! kind: String! }
  type Event {
    id: ID!
    title: String!
    startsAt: DateTime!
    engagement: Int!
    points: Int!
    themes: [Theme!]!
    organizer: Organizer
    participations(first: Int = 20): ParticipationConnection!
    feedbackSummary: FeedbackSummary!
  }
  type EventConnection { edges: [EventEdge!]! pageInfo: PageInfo! }
  type EventEdge { node: Event! }
  type Participation {
    id: ID!
    status: String!
    pointsAwarded: Int!
    attendedAt: DateTime
    event: Event!
    citizen: Citizen
  }
  type ParticipationConnection { edges: [ParticipationEdge!]! pageInfo: PageInfo! }
  type ParticipationEdge { cursor: String! node: Participation! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type FeedbackSummary { count: Int! averageRating: Float }
  type ParticipationPayload { participation: Participation errors: [UserError!]! }
  type UserError { code: String! }
`

const signedIn = (context) => {
  if (!context.viewer) throw new GraphQLError('Sign in.')
  return context.viewer
}

export const resolvers = {
  _Any: new GraphQLScalarType({ name: '_Any', parseValue: (value) => value }),
  Date: new GraphQLScalarType({ name: 'Date' }),
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (date) => date.toISOString(),
    parseValue: (text) => new Date(text),
  }),
  Citizen: { influence: (citizen) => influence(citizen.points) },
  ParticipationEdge: { cursor: cursorOf },
  PageInfo: { endCursor: ({ last }) => (last ? cursorOf(last) : null) },
  Mutation: {
    register: (_, { input }, context) => register(signedIn(context), input.event),
    checkIn: (_, { input }, context) => checkIn(signedIn(context), input.event, input.code),
  },
}
