import "./workers.js";
import "./style.css";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { createRoot } from "react-dom/client";
import { examples } from "./examples.js";

// The API answers where this page was served from.
const url = new URL(location.pathname, location.origin).href;
const socketUrl = url.replace(/^http/, "ws");

/** Queries and mutations go by POST; a subscription opens a socket, which ends with it. */
function fetcher(request, options) {
  const send = createGraphiQLFetcher({
    url,
    enableIncrementalDelivery: false,
    // Connects when it is subscribed with; what is in Headers is its connection_init payload.
    wsClient: createClient({ url: socketUrl, connectionParams: options?.headers, retryAttempts: 0 }),
  });
  return send(request, options);
}

const plugins = [explorerPlugin(), HISTORY_PLUGIN];
const token = `{
  // "Authorization": "Bearer <accessToken>"
}`;

const root = document.getElementById("graphiql");
root.classList.remove("waiting");
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    storage={sessionStorage} // GraphiQL keeps variables and headers: no password, token or answer outlives the visit
    defaultTabs={examples}
    defaultHeaders={token}
    defaultEditorToolsVisibility="variables"
    inputValueDeprecation
    schemaDescription
    showPersistHeadersSettings={false}
  >
    <GraphiQL.Logo>
      <img className="mark" src={document.querySelector("link[rel=icon]").href} alt="" />
      Influents
    </GraphiQL.Logo>
  </GraphiQL>,
);
