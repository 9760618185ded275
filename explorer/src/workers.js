// Monaco's workers, as files beside this script (build.mjs writes their names in place of WORKERS).
globalThis.MonacoEnvironment = {
  getWorker: (_, label) =>
    new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url), { type: "module", name: label }),
};
