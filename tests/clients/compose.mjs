// Composes subgraphs by each of three composers: `node compose.mjs FILE`, where the file holds {NAME: {url, sdl}} as JSON.
// Prints, for each composer, its errors (none where it composed), its hints, and the supergraph where it has one.
import { parse } from "graphql";
import { composeServices as composeByApollo } from "@apollo/composition";
import { composeServices as composeByGuild } from "@theguild/federation-composition";
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from "@wundergraph/composition";
import { readFileSync } from "node:fs";

const subgraphs = JSON.parse(readFileSync(process.argv[2], "utf8"));
const services = Object.entries(subgraphs).map(([name, { url, sdl }]) => ({ name, url, typeDefs: parse(sdl) }));

function apollo() {
  const { errors = [], hints = [], supergraphSdl } = composeByApollo(services);
  return { errors: errors.map(told), hints: hints.map(told), supergraphSdl };
}

function guild() {
  const { errors = [], supergraphSdl } = composeByGuild(services);
  return { errors: errors.map(told), hints: [], supergraphSdl };
}

function wundergraph() {
  const { success, errors = [], warnings = [] } = federateSubgraphs({
    subgraphs: services.map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs })),
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  return { errors: success ? [] : errors.map(told), hints: warnings.map(told) };
}

function told({ message, code, definition, extensions }) {
  return [code ?? definition?.code ?? extensions?.code, message].filter(Boolean).join(": ");
}

console.log(JSON.stringify({ apollo: apollo(), guild: guild(), wundergraph: wundergraph() }));
