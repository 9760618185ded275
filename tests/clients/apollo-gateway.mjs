// Serves a supergraph by Apollo's gateway: `node apollo-gateway.mjs SUPERGRAPH`. Prints its address as JSON once it listens.
import { readFileSync } from "node:fs";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

const PASSED_ON = ["authorization", "accept-language"];

class PassingOn extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const [name, value] of Object.entries(context.headers ?? {})) request.http.headers.set(name, value);
  }
}

// Asked by `x-trace`, the gateway asks its subgraphs for traces. What it read of them is shown as an extension.
const showTraces = {
  async requestDidStart({ request, metrics }) {
    metrics.captureTraces = request.http.headers.has("x-trace");
    return {
      async willSendResponse({ response, metrics: { queryPlanTrace } }) {
        if (queryPlanTrace) response.body.singleResult.extensions = { queryPlan: queryPlanTrace };
      },
    };
  },
};

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(process.argv[2], "utf8"),
  buildService: ({ url }) => new PassingOn({ url }),
});
const server = new ApolloServer({ gateway, plugins: [showTraces], stopOnTerminationSignals: false });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: "127.0.0.1" },
  context: async ({ req }) => ({ headers: passedOn(req.headers) }),
});
console.log(JSON.stringify({ url }));

function passedOn(headers) {
  return Object.fromEntries(PASSED_ON.filter((name) => headers[name]).map((name) => [name, headers[name]]));
}
