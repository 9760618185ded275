// Serves a supergraph by Apollo's gateway: `node apollo-gateway.mjs SUPERGRAPH`. Prints its address as JSON once it listens.
import { readFileSync } from "node:fs";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

const PASSED_ON = ["authorization", "accept-language", "apollo-federation-include-trace"];

class PassingOn extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const [name, value] of Object.entries(context.headers ?? {})) request.http.headers.set(name, value);
  }

  // Traces of subgraphs are for reports; here they are shown to the test, as they were sent.
  didReceiveResponse({ response, context }) {
    if (response.extensions?.ftv1) context.traces?.push(response.extensions.ftv1);
    return response;
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(process.argv[2], "utf8"),
  buildService: ({ url }) => new PassingOn({ url }),
});
const showTraces = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (contextValue.traces.length) response.body.singleResult.extensions = { traces: contextValue.traces };
      },
    };
  },
};
const server = new ApolloServer({ gateway, plugins: [showTraces], stopOnTerminationSignals: false });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: "127.0.0.1" },
  context: async ({ req }) => ({ headers: passedOn(req.headers), traces: [] }),
});
console.log(JSON.stringify({ url }));

function passedOn(headers) {
  return Object.fromEntries(PASSED_ON.filter((name) => headers[name]).map((name) => [name, headers[name]]));
}
