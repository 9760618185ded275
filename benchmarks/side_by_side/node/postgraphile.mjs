// PostGraphile 5 by its Amber preset over the views of postgraphile.sql, served by its own server for Node.
import { createServer } from 'node:http'

import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

import { place } from './place.mjs'

const server = createServer()
const service = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      poolConfig: { ...place.database, max: place.connections, min: place.connections, idleTimeoutMillis: 0 },
      schemas: ['peers'],
    }),
  ],
  schema: { defaultBehavior: '+list +connection' },
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
}).createServ(grafserv)
await service.addTo(server)
server.listen(place.port, '127.0.0.1')
