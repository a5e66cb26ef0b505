import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { freePort } from "../../../conformance/subjects/index.ts";

const repository = resolve(import.meta.dirname, "../../..");
const cli = join(repository, "conformance/cli/main.ts");

/** The programs that pages take for the reader's own, and what stands in for them. */
const programs = {
  "server.js": "examples/fastify-seller/seller.ts",
  "my-gateway.js": "sandbox/seller/start.ts",
  "my-agent.js": "conformance/peers/fetch-client.ts",
  "my-facilitator.js": "sandbox/facilitator/start.ts",
};

/** Scripts that act in the reader's folder; all others are the repository's own. */
const commands = ["sandbox", "pay", "conformance", "load"];

/** A reader's folder: this package is installed, his programs lie in it, and nothing else listens on its ports. */
export interface Workplace {
  readonly folder: string;
  /** Its programs, and the Node of this process, come first. */
  readonly path: string;
  /** A command as the page has it, on this folder's ports instead of the usual ones. */
  onOwnPorts(script: string): string;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes one. A page's commands need no network: what npm would install is linked. */
export async function makeWorkplace(scripts: Iterable<string>): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "x402-assay-docs-"));
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const ours = [...scripts].map((name) => [
    name,
    commands.includes(name) ? `x402-assay ${name}` : `npm --prefix "${repository}" run ${name} --`,
  ]);
  await write("package.json", JSON.stringify({ type: "module", scripts: Object.fromEntries(ours) }));
  for (const [name, file] of Object.entries(programs)) {
    await write(name, `import ${JSON.stringify(join(repository, file))};\n`);
  }
  // So that curl ends with 22 when it gets an answer of 400 or above.
  await write(".curlrc", "fail-with-body\n");
  await linkModules(folder);
  await symlink(join(repository, "examples"), join(folder, "examples"));
  const ports = await freePorts(["4020", "4021", "4022", "8545", "3000"]);
  return {
    folder,
    path: [join(folder, "node_modules/.bin"), dirname(process.execPath), process.env.PATH].join(":"),
    onOwnPorts: (script) => onPorts(script, ports),
    write,
    remove: () => rm(folder, { recursive: true }),
  };
}

async function linkModules(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  const link = async (name: string) => symlink(join(repository, "node_modules", name), join(modules, name));
  await Promise.all((await readdir(join(repository, "node_modules"))).filter(isPackage).map(link));
  const bins = await readdir(join(repository, "node_modules/.bin"));
  await Promise.all(bins.filter((bin) => bin !== "x402-assay").map((bin) => link(`.bin/${bin}`)));
  await symlink(repository, join(modules, "x402-assay"));
  await symlink(cli, join(modules, ".bin/x402-assay"));
}

function isPackage(name: string): boolean {
  return !name.startsWith(".") && name !== "x402-assay";
}

function onPorts(script: string, ports: ReadonlyMap<string, number>): string {
  const [admin, seller, facilitator, rpc] = ports.values();
  const flags = `--port ${admin} --seller-port ${seller} --facilitator-port ${facilitator} --rpc-port ${rpc}`;
  return script
    .replaceAll(/(?<=[:=])\d{4}\b/g, (port) => String(ports.get(port) ?? port))
    .replaceAll(/\bnpm run sandbox\b( --)?/g, `npm run sandbox -- ${flags}`)
    .replaceAll(/\bx402-assay sandbox\b/g, `x402-assay sandbox ${flags}`)
    .replaceAll(/\bnpm run load -- (?=')/g, `npm run load -- --sandbox http://127.0.0.1:${admin} `);
}

async function freePorts(usual: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const name of usual) {
    let port = await freePort();
    while ([...found.values()].includes(port)) port = await freePort();
    found.set(name, port);
  }
  return found;
}
