// mercurius on fastify, with jit and its own loaders. Their cache is off: its documentation says that saves writing
// down each key, and no key comes twice here but those of events, which the batch makes one.
import Fastify from 'fastify'
import mercurius from 'mercurius'

import { batches, eventsFrom } from './data.mjs'
import { place } from './place.mjs'
import { resolvers, typeDefs } from './schema.mjs'
import { viewerOf } from './taking-part.mjs'

const by = (batch, column = 'key') => ({
  loader: (queries) => batch(queries.map(({ obj }) => obj[column]), queries[0].params.first),
  opts: { cache: false },
})

const app = Fastify()
app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    ...resolvers,
    _Entity: { resolveType: (thing) => thing.__typename },
    Query: {
      citizen: async (_, { handle }) => (await batches.citizens([handle]))[0],
      events: (_, { filter, first }) => eventsFrom(filter?.startsAfter ?? new Date(0), first),
      _entities: (_, { representations }) => batches.citizens(representations.map(({ handle }) => handle)),
    },
  },
  loaders: {
    Citizen: { skills: by(batches.skills), participations: by(batches.history) },
    Participation: { event: by(batches.events, 'eventKey') },
    Event: { participations: by(batches.participants), feedbackSummary: by(batches.feedback) },
  },
  context: async (request) => ({ viewer: await viewerOf(request.headers.authorization) }),
  jit: 1,
  graphiql: false,
})
await app.listen({ port: place.port, host: '127.0.0.1' })
