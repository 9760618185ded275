// graphql-yoga with graphql-jit and DataLoader: parser and validation caches are its own, and on unless told.
import { createServer } from 'node:http'

import { useGraphQlJit } from '@envelop/graphql-jit'
import DataLoader from 'dataloader'
import { createSchema, createYoga } from 'graphql-yoga'

import { batches, eventsFrom } from './data.mjs'
import { place } from './place.mjs'
import { resolvers, typeDefs } from './schema.mjs'
import { viewerOf } from './taking-part.mjs'

class Loaders {
  #loaders = new Map()

  by(name, first) {
    const key = first === undefined ? name : `${name} ${first}`
    let loader = this.#loaders.get(key)
    if (!loader) this.#loaders.set(key, (loader = new DataLoader((keys) => batches[name](keys, first))))
    return loader
  }
}

const withLoaders = {
  ...resolvers,
  _Entity: { __resolveType: (thing) => thing.__typename },
  Query: {
    citizen: (_, { handle }, { loaders }) => loaders.by('citizens').load(handle),
    events: (_, { filter, first }) => eventsFrom(filter?.startsAfter ?? new Date(0), first),
    _entities: (_, { representations }, { loaders }) =>
      representations.map(({ handle }) => loaders.by('citizens').load(handle)),
  },
  Citizen: {
    ...resolvers.Citizen,
    skills: (citizen, _, { loaders }) => loaders.by('skills').load(citizen.key),
    participations: (citizen, { first }, { loaders }) => loaders.by('history', first).load(citizen.key),
  },
  Participation: { event: (participation, _, { loaders }) => loaders.by('events').load(participation.eventKey) },
  Event: {
    participations: (event, { first }, { loaders }) => loaders.by('participants', first).load(event.key),
    feedbackSummary: (event, _, { loaders }) => loaders.by('feedback').load(event.key),
  },
}

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: withLoaders }),
  context: async ({ request }) => ({
    loaders: new Loaders(),
    viewer: await viewerOf(request.headers.get('authorization')),
  }),
  plugins: [useGraphQlJit()],
  graphiql: false,
  landingPage: false,
  logging: 'error',
})

createServer(yoga).listen(place.port, '127.0.0.1')
