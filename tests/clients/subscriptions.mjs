// Subscribes by a client that others wrote, stops after so many results, and prints them.
// node subscriptions.mjs CLIENT URL OPERATION [TOKEN,…]: OPERATION is JSON: query, variables and how many are wanted.

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";

const [, , name, url, operation, token] = process.argv;
const { query, variables, wanted } = JSON.parse(operation);
const headers = token ? { Authorization: `Bearer ${token.split(",")[0]}` } : {};
const received = [];

// Each time that it connects, with the next token where there are several.
const later = (token ?? "").split(",").slice(1);
let connections = 0;
const connectionParams = () => {
  const next = connections++ ? later.shift() : undefined;
  return next ? { Authorization: `Bearer ${next}` } : headers;
};
const sockets = () =>
  createWsClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, connectionParams, lazy: true });
const apollo = (link) => new ApolloClient({ link, cache: new InMemoryCache() });
const byApollo = (link) => (sink) =>
  apollo(link).subscribe({ query: gql(query), variables, fetchPolicy: "no-cache" }).subscribe({
    next: (result) => (result.error ? sink.error(result.error) : sink.next({ data: result.data })),
    error: sink.error,
    complete: sink.complete,
  });

// Each begins to subscribe, and answers how to stop.
const clients = {
  "graphql-ws": (sink) => {
    const client = sockets();
    const stop = client.subscribe({ query, variables }, sink);
    return () => (stop(), client.dispose());
  },
  "graphql-sse": (sink) => {
    const client = createSseClient({ url, headers, retryAttempts: 0 });
    const stop = client.subscribe({ query, variables }, sink);
    return () => (stop(), client.dispose());
  },
  "apollo-multipart": (sink) => {
    const subscription = byApollo(new HttpLink({ uri: url, headers }))(sink);
    return () => subscription.unsubscribe();
  },
  "apollo-ws": (sink) => {
    const client = sockets();
    const subscription = byApollo(ApolloLink.from([new GraphQLWsLink(client)]))(sink);
    return () => (subscription.unsubscribe(), client.dispose());
  },
  "urql-sse": (sink) => {
    const client = new Client({
      url,
      exchanges: [fetchExchange],
      fetchSubscriptions: true,
      preferGetMethod: false,
      fetchOptions: { headers },
    });
    const { unsubscribe } = client.subscription(query, variables).subscribe((result) => byUrql(sink, result));
    return unsubscribe;
  },
  "urql-ws": (sink) => {
    const socket = sockets();
    const forwardSubscription = (request) => ({
      subscribe: (observer) => ({
        unsubscribe: socket.subscribe({ query: request.query, variables: request.variables }, observer),
      }),
    });
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [subscriptionExchange({ forwardSubscription })],
    });
    const { unsubscribe } = client.subscription(query, variables).subscribe((result) => byUrql(sink, result));
    return () => (unsubscribe(), socket.dispose());
  },
};

const byUrql = (sink, { data, error }) => (error ? sink.error(error.graphQLErrors) : sink.next({ data }));

const done = (result) => {
  console.log(JSON.stringify(result));
  process.exit(0);
};
const codes = (error) =>
  [error].flat().flatMap((each) => each.errors ?? each).map((each) => each.extensions?.code ?? String(each));

// urql aborts what it stops, and leaves the rejection of that to whoever catches it.
process.on("unhandledRejection", (error) => {
  if (error?.name !== "AbortError") throw error;
});

let stop;
stop = clients[name]({
  next: (result) => {
    received.push(result.errors ? codes(result.errors) : result.data);
    if (received.length === wanted) {
      stop();
      // What was stopped must not be told any more: whoever watches the service sees that it is not.
      setTimeout(() => done({ received }), 200);
    }
  },
  error: (error) => done({ received, refused: codes(error) }),
  complete: () => done({ received, complete: true }),
});
