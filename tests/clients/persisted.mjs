// Apollo Client with automatic persisted queries by GET, the same query twice: which requests it made, and the answers.
import { createHash } from 'node:crypto'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'

const requests = []
const watched = (url, options) => {
  const parameters = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(url).searchParams)
  requests.push({ method: options.method, query: 'query' in parameters })
  return fetch(url, options)
}
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([
    new PersistedQueryLink({ sha256, useGETForHashedQueries: true }),
    new HttpLink({ uri: process.argv[2], fetch: watched }),
  ]),
})
const query = gql`query Themes { themes { code } }`
const answers = []
for (let time = 0; time < 2; time++) {
  answers.push((await client.query({ query, fetchPolicy: 'no-cache' })).data)
}
console.log(JSON.stringify({ requests, answers }))
