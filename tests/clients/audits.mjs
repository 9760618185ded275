// Runs every server audit of `graphql-http` against the URL it is given, and prints what each came to.
import { serverAudits } from 'graphql-http'

const results = await Promise.all(serverAudits({ url: process.argv[2] }).map((audit) => audit.fn()))
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))))
