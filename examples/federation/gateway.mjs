// One graph out of several: `node gateway.mjs PORT NAME=URL …`. Asks every subgraph what it has, composes, and serves
// the whole at /graphql.
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

const [port, ...named] = process.argv.slice(2);
const subgraphs = named.map((each) => ({ name: each.slice(0, each.indexOf("=")), url: each.slice(each.indexOf("=") + 1) }));

const { supergraphSdl, errors } = composeServices(
  await Promise.all(subgraphs.map(async ({ name, url }) => ({ name, url, typeDefs: parse(await sdlOf(url)) }))),
);
if (errors?.length) {
  for (const { message } of errors) console.error(message);
  process.exit(1);
}

const gateway = createGatewayRuntime({
  supergraph: supergraphSdl,
  unifiedGraphHandler, // the planner of Hive Router: it knows interface objects
  logging: "warn",
  graphqlEndpoint: "/graphql",
  landingPage: false,
  graphiql: false, // it would be fetched from elsewhere
  propagateHeaders: { fromClientToSubgraphs: ({ request, subgraphName }) => passedOn(request.headers, subgraphName) },
});
createServer((request, response) => {
  request.headers["x-forwarded-for"] = request.socket.remoteAddress; // whatever the client says of itself
  gateway(request, response);
}).listen(Number(port), "127.0.0.1");

// Everybody may know the reader's language. A token is a key to the whole account: it goes to Influents alone, with the
// reader's address, by which Influents counts requests. It believes that of whoever knows the gateway's secret.
function passedOn(headers, subgraph) {
  const names = subgraph === "influents" ? ["accept-language", "authorization", "x-forwarded-for"] : ["accept-language"];
  const passed = Object.fromEntries(names.filter((name) => headers.has(name)).map((name) => [name, headers.get(name)]));
  return subgraph === "influents" ? { ...passed, "influents-gateway": process.env.INFLUENTS_GATEWAY_SECRET } : passed;
}

async function sdlOf(url) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ _service { sdl } }" }),
  });
  return (await answer.json()).data._service.sdl;
}
