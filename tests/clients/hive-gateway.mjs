// Serves a supergraph by Hive Gateway: `node hive-gateway.mjs SUPERGRAPH`. Prints its address as JSON once it listens.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";

const PASSED_ON = ["authorization", "accept-language"];

const gateway = createGatewayRuntime({
  supergraph: readFileSync(process.argv[2], "utf8"),
  unifiedGraphHandler,
  logging: "warn",
  landingPage: false,
  graphqlEndpoint: "/graphql",
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(PASSED_ON.map((name) => [name, request.headers.get(name)]).filter(([, value]) => value)),
  },
});
const server = createServer(gateway);
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/graphql` }));
});
