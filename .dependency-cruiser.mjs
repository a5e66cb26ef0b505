// Which way imports may point. The architecture is: contracts <- sandbox <- conformance; a folder's index.ts is its
// door. Each rule forbids what goes from `from` to `to`; `comment` is what somebody who breaks it reads.

import { globSync } from "node:fs";
import { dirname } from "node:path";

const TEST = "\\.test\\.ts$";
const TESTING = "/testing/";

const layers = [
  {
    name: "contracts-stand-alone",
    comment:
      "contracts/ is the lowest layer: sandbox and conformance build on it, never the other way round.",
    from: { path: "^contracts/" },
    to: { path: "^(sandbox|conformance)/" },
  },
  {
    name: "sandbox-knows-no-judge",
    comment:
      "The sandbox must run without the conformance suite: the suite imports the sandbox, never the other way.",
    from: { path: "^sandbox/" },
    to: { path: "^conformance/" },
  },
  {
    name: "scripts-are-not-shipped",
    comment:
      "scripts/ serves the development of this repository and is not published: move what is needed out of it.",
    from: { path: "^(contracts|sandbox|conformance)/" },
    to: { path: "^scripts/" },
  },
  {
    name: "sandbox-by-its-public-door",
    comment:
      "Conformance uses what any user of the sandbox could use: import from #sandbox and export it there.",
    from: { path: "^conformance/" },
    to: { path: "^sandbox/", dependencyTypesNot: ["aliased-subpath-import"] },
  },
  {
    name: "scripts-through-doors",
    comment:
      "Import from the folder's index.ts, or from #sandbox: what lies behind it may change at any time.",
    // The programs of a consumer enter as the package's exports let them.
    from: { path: "^scripts/", pathNot: "^scripts/package/testing/consumer/" },
    to: { path: "^(contracts|sandbox|conformance)/", pathNot: "/index\\.ts$" },
  },
];

const particular = [
  {
    name: "protocol-stands-alone",
    comment: "sandbox/protocol describes the wire for every other folder, so it depends on none of them.",
    from: { path: "^sandbox/protocol/" },
    to: { path: "^(contracts|sandbox)/", pathNot: "^sandbox/protocol/" },
  },
  {
    name: "wire-oracle-is-independent",
    comment:
      "A judge that shares the codec with the judged repeats its mistakes: decode here without the sandbox.",
    from: { path: "^conformance/oracles/wire(/|\\.ts$)", pathNot: TEST },
    to: { path: "^sandbox/" },
  },
  {
    name: "cases-are-declarative",
    comment:
      "A case says what is tried and what must happen. How is the engine's matter: import the engine's doors only.",
    from: { path: "^conformance/cases/", pathNot: TEST },
    to: {
      pathNot: [
        "^conformance/cases/",
        "^conformance/engine/index\\.ts$",
        "^conformance/engine/\\w+/index\\.ts$",
        "(^|/)node_modules/viem/",
      ],
      dependencyTypesNot: ["core"],
    },
  },
];

/** Folders whose parts are used one by one from outside, each through a door of its own. */
const foldersOfDoors = ["conformance/engine", "conformance/subjects"];

/** A folder with an index.ts is entered through it. Scripts have a rule of their own. */
const doors = globSync("{contracts,sandbox,conformance}/**/index.ts").map((door) => {
  const folder = dirname(door).replaceAll("\\", "/");
  const inner = foldersOfDoors.includes(folder) ? [`^${folder}/\\w+/index\\.ts$`] : [];
  return {
    name: `door-of-${folder}`,
    comment: `Import from ${folder}/index.ts: nothing outside of ${folder}/ reaches past its door.`,
    from: { path: "^(contracts|sandbox|conformance)/", pathNot: `^${folder}/` },
    to: { path: `^${folder}/`, pathNot: [`^${folder}/index\\.ts$`, ...inner, TESTING] },
  };
});

/** The folders of the sandbox are separate even before they have a door. */
const sandboxFolders = {
  name: "door-of-each-sandbox-folder",
  comment: "The folders of the sandbox know each other by their index.ts only.",
  from: { path: "^sandbox/([^/]+)/" },
  to: { path: "^sandbox/[^/]+/", pathNot: ["^sandbox/$1/", "^sandbox/[^/]+/index\\.ts$", TESTING] },
};

const general = [
  {
    name: "testing-is-for-tests",
    comment: "What lies in a testing/ folder helps tests, of any folder, and nothing else.",
    from: { path: "^(sandbox|conformance)/", pathNot: [TEST, TESTING] },
    to: { path: TESTING },
  },
  {
    name: "no-circles",
    comment: "Files that need each other cannot be read one at a time: move what both need into a third.",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  {
    name: "no-development-dependency",
    comment:
      "Who installs the package does not get devDependencies: list it under dependencies in package.json.",
    from: {
      path: "^(contracts|sandbox|conformance)/",
      // Contracts are compiled before the package is packed, and never where it is installed.
      pathNot: [TEST, "/testing/", "^contracts/(test/|build\\.ts$)", "^conformance/peers/"],
    },
    to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm-peer"] },
  },
  {
    name: "resolvable",
    comment:
      "An import that leads nowhere cannot be checked: correct the path, or list the package in package.json.",
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...layers, ...particular, ...doors, sandboxFolders, ...general].map((rule) => ({
    severity: "error",
    ...rule,
  })),
  options: {
    parser: "swc",
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "^(artifacts|cache)/" },
    enhancedResolveOptions: {
      conditionNames: ["import", "node", "default", "types"],
      exportsFields: ["exports"],
    },
  },
};
