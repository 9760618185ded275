// Bundles GraphiQL into dist/: index.html, and assets/ whose names hold the hash of their content.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const assets = path.join(dist, "assets");

const shared = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  minify: true,
  outdir: assets,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  target: ["es2022"],
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  logLevel: "error",
};

/** Fonts come inlined in the stylesheets: as files they load when needed, and font-src stays 'self'. */
const fontsAsFiles = {
  name: "fonts-as-files",
  setup(bundle) {
    const fonts = new Map();
    bundle.onResolve({ filter: /^data:font\/\w+;base64,/ }, ({ path: url }) => {
      const kind = url.slice("data:font/".length, url.indexOf(";"));
      const name = `${createHash("sha256").update(url).digest("hex").slice(0, 8)}.${kind}`;
      fonts.set(name, Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
      return { path: name, namespace: "font" };
    });
    bundle.onLoad({ filter: /./, namespace: "font" }, ({ path: name }) => ({ contents: fonts.get(name), loader: "file" }));
  },
};

/** GraphiQL's stylesheet has all of Monaco's already. */
const monacoStylesOnce = {
  name: "monaco-styles-once",
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]monaco-editor[\\/].*\.css$/ }, () => ({ contents: "", loader: "js" }));
  },
};

/** The output made from the entry point `source`, as its file's name. */
function made(result, source) {
  const [file] = Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === source);
  return path.basename(file);
}

async function buildWorkers() {
  const workers = {
    editor: "node_modules/monaco-editor/esm/vs/editor/editor.worker.js",
    graphql: "node_modules/monaco-graphql/esm/graphql.worker.js",
    json: "node_modules/monaco-editor/esm/vs/language/json/json.worker.js",
  };
  const result = await build({ ...shared, entryPoints: Object.values(workers) });
  return Object.fromEntries(Object.entries(workers).map(([label, source]) => [label, made(result, source)]));
}

async function buildPage(workers) {
  const result = await build({
    ...shared,
    entryPoints: ["src/main.jsx", "src/favicon.svg"],
    splitting: true,
    jsx: "automatic",
    // GraphiQL imports two of Prettier's parsers by old names, which are CommonJS and lose their exports.
    alias: { "prettier/parser-graphql": "prettier/plugins/graphql", "prettier/parser-babel": "prettier/plugins/babel" },
    loader: { ".graphql": "text", ".svg": "copy" },
    define: { ...shared.define, WORKERS: JSON.stringify(workers) },
    plugins: [fontsAsFiles, monacoStylesOnce],
  });
  const script = made(result, "src/main.jsx");
  const files = Object.keys(result.metafile.outputs).map((file) => path.basename(file));
  return { script, style: files.find((file) => /^main-.*\.css$/.test(file)), icon: files.find((file) => file.endsWith(".svg")) };
}

/** Leaves file.gz beside each file that compresses, for the server to send. */
async function compress() {
  const files = (await readdir(assets)).filter((file) => /\.(js|css|svg)$/.test(file));
  const compressed = promisify(gzip);
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(path.join(assets, file));
      await writeFile(path.join(assets, `${file}.gz`), await compressed(content, { level: constants.Z_BEST_COMPRESSION }));
    }),
  );
}

await rm(dist, { recursive: true, force: true });
await mkdir(assets, { recursive: true });
const page = await buildPage(await buildWorkers());
await compress();
const shell = await readFile(path.join(here, "src/index.html"), "utf8");
// Last, since a folder with its index.html is a build that ended.
await writeFile(path.join(dist, "index.html"), shell.replace(/\{(\w+)\}/g, (_, name) => page[name]));
