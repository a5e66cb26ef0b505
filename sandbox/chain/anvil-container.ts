import { basename, dirname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
  StartupCheckStrategy,
  type StartupStatus,
} from "testcontainers";
import { loopback, urlAt } from "../listen.ts";
import { Problem } from "../problem.ts";
import { startOrStop } from "../startup.ts";
import { type AnvilOptions, type AnvilProcess, startTimeout, stopTimeout } from "./anvil.ts";
import { deathOf, startProblem } from "./anvil-problem.ts";
import { requireFork } from "./fork.ts";
import { requireUsableState } from "./state-file.ts";

/** Where Anvil listens inside of its container. */
const containerPort = 8545;

/** Where the folder of the state file is inside of the container. */
const stateFolder = "/state";

/** How much of what Anvil printed last is kept, in characters, to tell why it ended. */
const keptOutput = 20_000;

/**
 * Starts Anvil from a container image and waits until it listens. Needs a Docker engine, which pulls the image if it
 * does not have it.
 *
 * @param image one with `anvil` on its path, such as Foundry's
 * @throws Problem `port-in-use`, `fork-unreachable`, `config`, `chain-start-failed`, or the signal's reason
 */
export async function startAnvilContainer(image: string, options: AnvilOptions): Promise<AnvilProcess> {
  const { host = loopback, forkUrl, state, signal } = options;
  if (state !== undefined) await requireUsableState(state);
  if (forkUrl !== undefined) {
    requireForkElsewhere(forkUrl);
    await requireFork(forkUrl, signal);
  }
  const engine = await requireEngine();
  const anvil = new AnvilContainer(image, options);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    if (anvil.id === undefined) return;
    const created = engine.getById(anvil.id);
    await created.stop({ t: stopTimeout / 1000 }).catch(unlessDone);
    await created.remove({ force: true, v: true }).catch(unlessDone);
  };
  const start = async () => {
    const started: StartedTestContainer = await anvil.start().catch(async (cause) => {
      await stop();
      await anvil.outputEnded;
      throw containerProblem(image, anvil.output, options, cause);
    });
    const exit = engine.getById(started.getId()).wait();
    const ended = exit.then(({ StatusCode: code }) =>
      stopping && code === 0 ? undefined : deathOf(`exit code ${code}`, anvil.output),
    );
    return { rpcUrl: urlAt(host, started.getMappedPort(containerPort)), ended, stop };
  };
  return startOrStop(start, stop, signal);
}

/** A container whose Anvil is reached where the options say, and nowhere else. */
class AnvilContainer extends GenericContainer {
  /** Known as soon as the container is created. */
  id: string | undefined;
  /** What Anvil printed last. */
  output = "";
  /** Resolves when it prints no more: it has ended, or was never started. */
  outputEnded: Promise<unknown> = Promise.resolve();

  constructor(image: string, options: AnvilOptions) {
    super(image);
    const { host = loopback, port = 0, state } = options;
    this.withEntrypoint(["anvil"])
      .withCommand(anvilArguments(options))
      .withExposedPorts(containerPort)
      .withWaitStrategy(new AnvilListens(host))
      .withStartupTimeout(startTimeout)
      .withLogConsumer((log) => this.#keep(log));
    // Without an address, Docker publishes on all interfaces of this machine.
    this.hostConfig.PortBindings = {
      [`${containerPort}/tcp`]: [{ HostIp: host, HostPort: String(port) }],
    };
    // Anvil prints every call that it gets, and may run for days.
    this.hostConfig.LogConfig = { Type: "json-file", Config: { "max-size": "10m" } };
    if (state !== undefined) {
      this.withBindMounts([{ source: dirname(resolve(state)), target: stateFolder, mode: "rw" }]);
      // The file is to belong to whoever runs the sandbox.
      if (process.getuid && process.getgid) this.withUser(`${process.getuid()}:${process.getgid()}`);
    }
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.id = id;
  }

  #keep(log: Readable): void {
    this.outputEnded = finished(log).catch(() => undefined);
    log.on("data", (text) => {
      this.output = (this.output + String(text)).slice(-keptOutput);
    });
  }
}

type CheckArguments = Parameters<StartupCheckStrategy["checkStartupState"]>;

/** Anvil is asked, not its log: an engine may be late with the last line of a log that it follows. */
class AnvilListens extends StartupCheckStrategy {
  readonly #host: string;

  constructor(host: string) {
    super();
    this.#host = host;
  }

  override async checkStartupState(...[engine, id]: CheckArguments): Promise<StartupStatus> {
    const { State, NetworkSettings } = await engine.getContainer(id).inspect();
    if (!State.Running) return "FAIL";
    const port = NetworkSettings.Ports[`${containerPort}/tcp`]?.[0]?.HostPort ?? "";
    return fetch(urlAt(this.#host, port)).then(
      () => "SUCCESS",
      () => "PENDING",
    );
  }
}

function anvilArguments({ chainId, forkUrl, forkBlockNumber, state }: AnvilOptions): string[] {
  const fork =
    forkUrl === undefined
      ? []
      : ["--fork-url", forkUrl, "--retries", "1", "--timeout", "10000", "--no-storage-caching"];
  return [
    ...["--host", "0.0.0.0", "--port", String(containerPort), "--cache-path", "/tmp/anvil"],
    ...(chainId === undefined ? [] : ["--chain-id", String(chainId)]),
    ...fork,
    ...(forkBlockNumber === undefined ? [] : ["--fork-block-number", String(forkBlockNumber)]),
    ...(state === undefined ? [] : ["--state", `${stateFolder}/${basename(state)}`]),
  ];
}

/** In a container, the loopback is the container's own. */
function requireForkElsewhere(forkUrl: string): void {
  const { hostname } = new URL(forkUrl);
  if (!/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return;
  throw new Problem(
    "config",
    `${forkUrl} is on this machine's loopback, which Anvil cannot reach from its container.`,
    "Give --fork-url an address that containers reach, or leave out --chain docker.",
  );
}

async function requireEngine() {
  try {
    return (await getContainerRuntimeClient()).container;
  } catch (cause) {
    throw new Problem(
      "chain-start-failed",
      "No Docker engine answers here.",
      "Start one (docker info shows it), or leave out --chain docker.",
      { cause },
    );
  }
}

function containerProblem(image: string, output: string, options: AnvilOptions, cause: unknown): Problem {
  const complaint = cause instanceof Error ? cause.message : String(cause);
  // The engine's own words about a port or an address mean the same as Anvil's.
  const engines = complaint.replace("port is already allocated", "address already in use");
  if (output !== "" || /address already in use|cannot assign requested address/.test(engines))
    return startProblem(`${output}\n${engines}`, options, cause);
  return new Problem(
    "chain-start-failed",
    `Anvil did not start from the image ${image}: ${complaint}`,
    "Check --chain-image: the image must be there or can be pulled, and have anvil on its path.",
    { cause },
  );
}

/** Nothing is left to do for a container that is stopped (304), gone (404) or being removed (409). */
function unlessDone(error: unknown): void {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (status !== 304 && status !== 404 && status !== 409) throw error;
}
